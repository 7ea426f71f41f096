/** Loads a tape: reads the file, tells the format by its first character, checks every row before anything is played. */
import { readFileSync } from 'node:fs';
import type { Instrument } from '@oms/domain';
import { InfrastructureError } from '@oms/ports';
import { readCsvTape } from './csvTape.ts';
import { readDepthTape } from './depthTape.ts';
import { malformed, type Tape } from './tape.ts';

/** @throws InfrastructureError TAPE_MALFORMED naming file, line, column and what was expected. */
export function loadTape(file: string, instrument: Instrument): Tape {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new InfrastructureError('TAPE_MALFORMED', `${file}: expected a readable tape file: ${detail}`, cause);
  }
  return parseTape(file, text, instrument);
}

/** Like {@link loadTape}, with the text at hand. */
export function parseTape(file: string, text: string, instrument: Instrument): Tape {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const isDepth = text.startsWith('{');
  const events = isDepth ? readDepthTape(file, lines, instrument) : readCsvTape(file, lines, instrument);
  if (events.length === 0) throw malformed({ file, line: 2 }, 'row', 'at least one row', undefined);
  return { file, symbol: instrument.symbol, events };
}
