/**
 * One dose for the two readers of place frames: whatever the fast reader takes, the thorough one takes for the same
 * order under the same id. What the fast one leaves is the thorough one's to judge.
 */
import { isDeepStrictEqual } from 'node:util';
import { parsePlaceOrder } from '@oms/api-contract';
import { PlaceFrameReader } from '../../services/order-api/src/plain/placeFrame.ts';
import { readFrame } from '../../services/order-api/src/socket/frame.ts';
import { FuzzRandom } from './fuzzRandom.ts';
import { mutatedBytes, mutatedJson } from './mutations.ts';
import { validOrder } from './validRequests.ts';

const reader = new PlaceFrameReader();
const FRAME_IDS: readonly unknown[] = [1, 0, 999_999_999_999_999, 'request 1', '~', 'x'.repeat(64)];

export interface FrameDose {
  readonly complaint: string | null;
  /** Whether the fast reader took it: too few would make the comparison hollow. */
  readonly taken: boolean;
}

export function frameDose(seed: number): FrameDose {
  const random = new FuzzRandom(seed);
  const frame = { id: random.pick(FRAME_IDS), op: 'order.place', params: validOrder(random) };
  const text = mutatedJson(frame, random);
  const bytes = Buffer.from(random.oneIn(8) ? mutatedBytes(Buffer.from(text), random) : Buffer.from(text));
  const id = reader.begin(bytes);
  const order = id === null ? null : reader.order();
  if (order === null) return { complaint: null, taken: false };
  const thorough = readThoroughly(bytes);
  if (isDeepStrictEqual({ id, order }, thorough)) return { complaint: null, taken: true };
  return { complaint: `read as ${shown({ id, order })}, thoroughly as ${shown(thorough)}: ${bytes}`, taken: true };
}

/** As the server does: a text frame is decoded UTF-8. */
function readThoroughly(bytes: Buffer): unknown {
  const frame = readFrame(bytes.toString());
  if ('refusal' in frame || frame.op !== 'order.place') return null;
  const order = parsePlaceOrder(frame.params);
  return order.errors === undefined ? { id: frame.id, order: order.value } : null;
}

const shown = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? `${member}n` : member));
