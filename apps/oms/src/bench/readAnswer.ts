/** Reads what the benchmark needs of an answer without parsing all of it: the id, whether it failed, whether it traded. */

export interface BenchAnswer {
  readonly id: number;
  readonly errorCode: string | null;
  readonly traded: boolean;
}

const START = '{"id":';
const RESULT = Buffer.from('"result":');
const FILLED = Buffer.from('"status":"FILLED"');
const PARTIALLY_FILLED = Buffer.from('"status":"PARTIALLY_FILLED"');
const DIGIT_ZERO = 48;
const DIGIT_NINE = 57;

/** @returns null for anything that is no answer to a request, such as a push. */
export function readAnswer(data: Buffer): BenchAnswer | null {
  let offset = START.length;
  let id = 0;
  for (; offset < data.length; offset++) {
    const code = data[offset]!;
    if (code < DIGIT_ZERO || code > DIGIT_NINE) break;
    id = id * 10 + (code - DIGIT_ZERO);
  }
  const isResult =
    offset > START.length &&
    data.latin1Slice(0, START.length) === START &&
    data.compare(RESULT, 0, RESULT.length, offset + 1, offset + 1 + RESULT.length) === 0;
  if (!isResult) return readSlowly(data);
  return { id, errorCode: null, traded: data.includes(FILLED) || data.includes(PARTIALLY_FILLED) };
}

/** Errors, and answers whose members come in another order. */
function readSlowly(data: Buffer): BenchAnswer | null {
  const answer = JSON.parse(data.toString()) as {
    id?: unknown;
    result?: { status?: unknown };
    error?: { code?: unknown };
  };
  if (typeof answer.id !== 'number') return null;
  if (answer.error !== undefined) return { id: answer.id, errorCode: String(answer.error.code), traded: false };
  const status = answer.result?.status;
  return { id: answer.id, errorCode: null, traded: status === 'FILLED' || status === 'PARTIALLY_FILLED' };
}
