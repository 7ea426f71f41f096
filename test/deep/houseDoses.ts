/** Doses for the house in this process: a disk error at any call, damage to the journal at rest, poisoned messages. */
import { decimal, type OrderTerms } from '@oms/domain';
import { FaultyFileSystem, randomFate, terms } from '@oms/testkit';
import { BreachError } from './clientRecord.ts';
import { HouseOnDisk } from './houseOnDisk.ts';
import { type Random, seededRandom } from './seededRandom.ts';

const ACCOUNT = 'DEMO-0001';
const RESTING = terms({ quantity: decimal('0.001'), price: decimal('39000') });
const place =
  (clientOrderId: string, orderTerms: OrderTerms = RESTING) =>
  (replyTo: number) =>
    ({
      to: 'order-processor',
      message: { type: 'PlaceOrder', accountId: ACCOUNT, clientOrderId, terms: orderTerms, replyTo },
    }) as const;

const requireThat = (holds: boolean, what: string): void => {
  if (!holds) throw new BreachError(what);
};

export interface DiskError {
  readonly operation: 'write' | 'datasync';
  readonly error: 'EIO' | 'ENOSPC';
  /** The call that fails, from 1. */
  readonly nth: number;
}

/** More groups than failing calls: the error is met for certain. */
const ORDERS_BEYOND = 5;

/** The house stops at the failed call, tries nothing again, and its next start has everything acknowledged. */
export async function diskError(seed: number, { operation, error, nth }: DiskError): Promise<void> {
  const disk = new FaultyFileSystem();
  const first = new HouseOnDisk(disk);
  await first.bootstrap();
  disk.fail({ operation, error, nth });
  const acknowledged = new Map<string, string | null>();
  for (let i = 0; i < nth + ORDERS_BEYOND && first.failures.length === 0; i++) {
    const answer = await first.ask(place(`o-${i}`));
    if (answer !== null) acknowledged.set(`o-${i}`, answer.orderId);
  }
  const [failure] = first.failures as { readonly code?: string }[];
  // An error while a segment is only prepared for later is nobody's loss.
  if (failure !== undefined) {
    requireThat(failure.code === 'JOURNAL_WRITE_FAILED', `it stopped for ${failure.code}`);
    const { calls } = disk;
    requireThat((await first.ask(place('late'))) === null, 'it answered after its journal had failed');
    const flushed = await first.journal.flush().catch(() => 'refused');
    requireThat(flushed === 'refused', 'a journal that failed flushed again');
    requireThat(disk.calls === calls, 'the disk was written after it failed');
  }
  disk.clearFaults();
  disk.losePower(randomFate(seededRandom(seed)));
  expectAcknowledged(new HouseOnDisk(disk), acknowledged);
}

function expectAcknowledged({ house }: HouseOnDisk, acknowledged: ReadonlyMap<string, string | null>): void {
  for (const [clientOrderId, orderId] of acknowledged) {
    const found = house.orderByClientOrderId(ACCOUNT, clientOrderId)?.orderId;
    requireThat(found === orderId, `I1: ${clientOrderId} was told ${orderId}, after the restart it is ${found}`);
  }
}

const DAMAGED_ORDERS = 30;
let written: Promise<{ readonly disk: FaultyFileSystem; readonly payloads: readonly string[] }> | null = null;

/** A journal of several segments as kill -9 leaves it; made once, damaged in copies. */
function writtenJournal() {
  written ??= (async () => {
    const disk = new FaultyFileSystem();
    const house = new HouseOnDisk(disk);
    await house.bootstrap();
    for (let i = 0; i < DAMAGED_ORDERS; i++) await house.ask(place(`o-${i}`));
    disk.kill();
    return { disk, payloads: payloadsOf(house) };
  })();
  return written;
}

const payloadsOf = ({ journal }: HouseOnDisk): string[] =>
  Array.from(journal.read(1), ({ payload }) => Buffer.from(payload).toString('base64'));

function copyOf(disk: FaultyFileSystem): FaultyFileSystem {
  const copy = new FaultyFileSystem();
  for (const path of disk.paths()) copy.setContent(path, disk.contentOf(path));
  return copy;
}

/** One bit turned over, or the newest segment cut off: refused with file and offset, or only the last write is gone. */
export async function damagedJournal(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const { disk, payloads } = await writtenJournal();
  const damaged = copyOf(disk);
  const segments = damaged.paths().filter((path) => path.endsWith('.journal'));
  const path = segments[random.below(segments.length)]!;
  const bytes = damaged.contentOf(path);
  const what = damage(bytes, path === segments.at(-1), random);
  damaged.setContent(path, what.bytes);
  const where = `${path}, ${what.told}`;
  try {
    const found = payloadsOf(new HouseOnDisk(damaged));
    requireThat(
      found.every((payload, i) => payload === payloads[i]),
      `I9: ${where}: another history was read`,
    );
    const lost = payloads.length - found.length;
    requireThat(lost <= what.mayLose, `I1: ${where}: ${lost} groups are gone and nobody noticed`);
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    if (code === 'JOURNAL_VERSION_UNSUPPORTED') return;
    if (code !== 'JOURNAL_DAMAGED') throw error;
    requireThat(/\.journal at byte \d+: /.test(message), `${where}: refused without file and offset: ${message}`);
  }
}

/** Unused space is most of a segment: half of the flips go where something is written. */
function damage(bytes: Uint8Array, isLast: boolean, random: Random) {
  const used = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const at = random.below(random.next() < 0.5 ? used : bytes.length);
  if (isLast && random.next() < 0.5) {
    const cut = used - random.below(Math.min(used, 1_500));
    // Nothing later proves the groups behind the cut: a torn tail of any length looks so.
    const left = random.next() < 0.5 ? bytes.slice(0, cut) : bytes.slice().fill(0, cut);
    return { bytes: left, told: `cut at ${cut}`, mayLose: Number.POSITIVE_INFINITY };
  }
  const bit = random.below(8);
  bytes[at]! ^= 1 << bit;
  return { bytes, told: `bit ${bit} of byte ${at}`, mayLose: 1 };
}

/** What a fault of ours could put into the mailbox: each passes the types only by force. */
export const POISONS: Readonly<Record<string, Partial<Record<keyof OrderTerms, unknown>> | null>> = {
  'no terms': null,
  'no tags': { tags: null },
  'a quantity that is no bigint': { quantity: 1.5 },
  'a price that is no number': { price: Number.NaN },
  'a symbol beyond its field': { symbol: 'S'.repeat(300) },
  'a tag beyond its field': { tags: ['t'.repeat(70_000)] },
  'an unknown side': { side: 'HOLD' },
  'an unknown type': { type: 'PEGGED' },
  'an unknown time in force': { timeInForce: 'EVER' },
  'a quantity beyond 64 bits': { quantity: 2n ** 70n },
};

/** One poisoned order between good ones: put aside with its position, the next is processed, so also after a restart. */
export async function poisonedMessage(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const names = Object.keys(POISONS);
  const name = names[seed % names.length]!;
  const poison = POISONS[name] === null ? null : { ...RESTING, ...POISONS[name] };
  const disk = new FaultyFileSystem();
  const first = new HouseOnDisk(disk);
  await first.bootstrap();
  const acknowledged = new Map<string, string | null>();
  const before = random.below(5);
  for (let i = 0; i < before; i++) acknowledged.set(`o-${i}`, (await first.ask(place(`o-${i}`)))!.orderId);
  const answer = await first.ask(place('poison', poison as unknown as OrderTerms));
  requireThat(first.failures.length === 0, `${name}: the house stopped: ${first.failures[0]}`);
  requireThat(answer !== null && answer.quarantinedAt !== null, `${name}: it was not put aside`);
  requireThat(answer!.quarantinedAt! <= first.journal.durablePosition, `${name}: its position is not in the journal`);
  const next = await first.ask(place('next'));
  requireThat(next?.outcome === 'ACCEPTED', `${name}: the next one was answered ${next?.outcome}`);
  acknowledged.set('next', next!.orderId);
  const state = Buffer.from(first.house.runtime.stateBytes());
  disk.kill();
  const second = new HouseOnDisk(disk);
  requireThat(state.equals(second.house.runtime.stateBytes()), `I10: ${name}: another state after the restart`);
  expectAcknowledged(second, acknowledged);
}
