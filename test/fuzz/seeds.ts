/** Seeds of a test's doses: the same ones every time, and as many from a random one, which a failure names. */
import { randomInt } from 'node:crypto';

const FIXED = 1;

export interface Dosed {
  readonly doses: number;
  readonly complaints: readonly string[];
}

/** Gives half of the doses from the fixed seed on and half from a random one. */
export async function dosed(
  count: number,
  dose: (seed: number) => Promise<string | null> | string | null,
): Promise<Dosed> {
  const complaints: string[] = [];
  for (const first of [FIXED, randomInt(2 ** 31)]) {
    for (let seed = first; seed < first + count / 2; seed++) {
      const complaint = await dose(seed);
      if (complaint !== null) complaints.push(`seed ${seed}: ${complaint}`);
    }
  }
  return { doses: count, complaints };
}
