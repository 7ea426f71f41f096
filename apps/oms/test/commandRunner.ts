/** Runs the command line in this process and keeps what it wrote. */
import { type AddressInfo, createServer } from 'node:net';
import { runCommandLine } from '../src/main.ts';

export interface CommandRun {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

export async function runOms(
  arguments_: readonly string[],
  environment: Record<string, string> = {},
): Promise<CommandRun> {
  let out = '';
  let error = '';
  const streams = {
    out: { write: (text: string) => (out += text) },
    error: { write: (text: string) => (error += text) },
  };
  const exitCode = await runCommandLine(arguments_, { streams, environment });
  return { exitCode, out, error };
}

/** An address that nothing listens on: a port that was free a moment ago. */
export async function nobodysAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
