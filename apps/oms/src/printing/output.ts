/**
 * Where a command writes: results on the output stream, everything about them (progress, hints, errors) on the error
 * stream, so that `--json` output can be piped. Colours only where a person reads, and never with NO_COLOR.
 */
import pc from 'picocolors';

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export type Colors = ReturnType<typeof pc.createColors>;

export interface Output {
  readonly json: boolean;
  readonly colors: Colors;
  /** A person watches the error stream: progress may be redrawn in place. */
  readonly interactive: boolean;
  /** One line of the result. */
  line(text?: string): void;
  /** The result as one line of JSON. */
  jsonLine(value: unknown): void;
  /** One line about the result. */
  note(text: string): void;
  /** Replaces the progress line; an empty text takes it away. Nothing when nobody watches. */
  progress(text: string): void;
}

export interface OutputStreams {
  readonly out: OutputStream;
  readonly error: OutputStream;
}

const ERASE_LINE = '\r\u001b[K';

export function createOutput(streams: OutputStreams, json: boolean): Output {
  const colored = !json && streams.out.isTTY === true && pc.isColorSupported;
  const interactive = streams.error.isTTY === true;
  return {
    json,
    colors: pc.createColors(colored),
    interactive,
    line: (text = '') => streams.out.write(`${text}\n`),
    jsonLine: (value) => streams.out.write(`${JSON.stringify(value)}\n`),
    note: (text) => streams.error.write(`${text}\n`),
    progress: (text) => {
      if (interactive) streams.error.write(`${ERASE_LINE}${text}`);
    },
  };
}
