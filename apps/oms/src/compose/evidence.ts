/** What is kept in the data directory when the house stopped by itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@oms/adapter-embedded';

/** Writes down why the house stopped; the journal holds everything that was acknowledged. */
export function keepEvidence(
  dataDirectory: string,
  error: unknown,
  evidence: string | null,
  lastPosition: number,
): string {
  const file = join(dataDirectory, `stopped-${systemClock.now()}.json`);
  const known = error instanceof Error;
  const text = JSON.stringify(
    {
      error: known ? error.stack : String(error),
      code: known && 'code' in error ? error.code : null,
      evidence,
      lastPosition,
    },
    null,
    2,
  );
  try {
    writeFileSync(file, text);
  } catch {
    // A full or broken disk may be the very reason: then the message on the screen is all there is.
  }
  return file;
}
