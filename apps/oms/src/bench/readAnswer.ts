/** Reads what the benchmark needs of an answer without parsing all of it: the id, whether it failed, whether it traded. */

export interface BenchAnswer {
  readonly id: number;
  readonly errorCode: string | null;
  readonly traded: boolean;
}

const START = Buffer.from('{"id":');
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
  const isResult = offset > START.length && startsAt(data, START, 0) && startsAt(data, RESULT, offset + 1);
  if (!isResult) return readSlowly(data);
  return { id, errorCode: null, traded: data.includes(FILLED) || data.includes(PARTIALLY_FILLED) };
}

const startsAt = (data: Buffer, wanted: Buffer, offset: number): boolean =>
  data.length >= offset + wanted.length && data.compare(wanted, 0, wanted.length, offset, offset + wanted.length) === 0;

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
