/** Tapes of a whole book in JSON lines: first a snapshot, then changes of levels; quantity "0" takes a level away. */
import type { BookLevel, Instrument, Price, Quantity } from '@oms/domain';
import { malformed, type TapeDepth } from './tape.ts';
import { TapeFields } from './tapeFields.ts';

interface DepthLine {
  readonly type: unknown;
  readonly timestamp_ms: unknown;
  readonly bids: unknown;
  readonly asks: unknown;
}

/** @throws InfrastructureError TAPE_MALFORMED */
export function readDepthTape(file: string, lines: readonly string[], instrument: Instrument): TapeDepth[] {
  const fields = new TapeFields(file, instrument);
  const bids: BookLevel[] = [];
  const asks: BookLevel[] = [];
  return lines.map((text, index) => {
    fields.moveTo(index + 1);
    const line = parseLine(text, fields);
    const isSnapshot = line.type === 'snapshot';
    if (!isSnapshot && (line.type !== 'delta' || index === 0)) {
      const expected = index === 0 ? '"snapshot" on the first line' : '"snapshot" or "delta"';
      throw malformed(fields.place, 'type', expected, line.type);
    }
    const time = fields.time('timestamp_ms', line.timestamp_ms);
    if (isSnapshot) bids.length = asks.length = 0;
    applyChanges(bids, 'bids', line.bids, fields);
    applyChanges(asks, 'asks', line.asks, fields);
    const [bestBid, bestAsk] = [bids[0]?.[0], asks[0]?.[0]];
    if (bestBid !== undefined && bestAsk !== undefined && bestBid >= bestAsk) {
      throw malformed(fields.place, 'bids, asks', 'a best bid below the best ask', `${bestBid} and ${bestAsk} atoms`);
    }
    return { kind: 'depth', time, bids: [...bids], asks: [...asks] };
  });
}

function parseLine(text: string, fields: TapeFields): DepthLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(fields.place, 'line', 'a JSON object', text);
  }
  if (typeof value !== 'object' || value === null) throw malformed(fields.place, 'line', 'a JSON object', value);
  return value as DepthLine;
}

function applyChanges(levels: BookLevel[], side: 'bids' | 'asks', changes: unknown, fields: TapeFields): void {
  if (!Array.isArray(changes)) throw malformed(fields.place, side, 'an array of [price, quantity]', changes);
  changes.forEach((change: unknown, index) => {
    const column = `${side}[${index}]`;
    if (!Array.isArray(change) || change.length !== 2) {
      throw malformed(fields.place, column, '[price, quantity]', change);
    }
    const price = fields.price(`${column}[0]`, change[0]);
    setLevel(levels, side, price, fields.quantityOrZero(`${column}[1]`, change[1]));
  });
}

/** Keeps the best level first. */
function setLevel(levels: BookLevel[], side: 'bids' | 'asks', price: Price, quantity: Quantity): void {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const before = side === 'asks' ? levels[middle]![0] < price : levels[middle]![0] > price;
    if (before) low = middle + 1;
    else high = middle;
  }
  const exists = levels[low]?.[0] === price;
  if (quantity > 0n) levels.splice(low, exists ? 1 : 0, [price, quantity]);
  else if (exists) levels.splice(low, 1);
}
