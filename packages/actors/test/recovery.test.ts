/** Snapshot and journal together: neither knows more than it may, and every record is folded once. */
import { InfrastructureError } from '@oms/ports';
import { ManualTime, MemoryJournal, MemorySnapshots } from '@oms/testkit';
import { expect, it } from 'vitest';
import { ToyHouse, type ToyMessage } from './toyActors.ts';

function running(...options: ConstructorParameters<typeof ToyHouse>) {
  const house = new ToyHouse(...options);
  house.runtime.recover();
  house.runtime.start();
  return house;
}

/** To the actor that passes nothing on: one message, one record. */
const echo = (house: ToyHouse, amount: number) =>
  house.runtime.submit('risk-engine', 0, { type: 'Echo', amount, replyTo: null } as ToyMessage);

it('folds only what of a group comes after the snapshot', async () => {
  const snapshots = new MemorySnapshots();
  const inSteps = running(new MemoryJournal(), snapshots);
  echo(inSteps, 5);
  await inSteps.runtime.step();
  expect(await inSteps.runtime.snapshot()).toBe(1);

  const journal = new MemoryJournal();
  const atOnce = running(journal);
  echo(atOnce, 5);
  echo(atOnce, 7);
  await atOnce.runtime.step();
  expect(journal.groups.map((group) => group.recordCount)).toEqual([2]);

  const again = new ToyHouse(new MemoryJournal(journal.groups), snapshots);
  expect(again.runtime.recover()).toMatchObject({ snapshotPosition: 1, replayedRecords: 1, lastPosition: 2 });
  expect(again.state('risk-engine')).toEqual({ total: 12, times: 2 });
});

it('saves no snapshot of what the journal could not make durable', async () => {
  const journal = new MemoryJournal();
  const snapshots = new MemorySnapshots();
  const house = running(journal, snapshots);
  journal.failWith(new InfrastructureError('JOURNAL_WRITE_FAILED', 'EIO'));
  echo(house, 5);
  await house.runtime.step();
  expect(house.state('risk-engine').total).toBe(5);
  await expect(house.runtime.snapshot()).rejects.toMatchObject({ code: 'SNAPSHOT_WRITE_FAILED' });
  expect(snapshots.saved).toEqual([]);
});

it.each([
  ['a replay', null],
  ['a snapshot of everything', new MemorySnapshots()],
])('never lets time go back, though the clock was set back before a start from %s', async (_, snapshots) => {
  const journal = new MemoryJournal();
  const house = running(journal, snapshots);
  echo(house, 1);
  await house.runtime.step();
  await house.runtime.snapshot();
  const time = new ManualTime(house.time.now() - 3_600_000);
  const continued = new MemoryJournal(journal.groups);
  const again = running(continued, snapshots, { clock: time, scheduler: time });
  echo(again, 2);
  await again.runtime.step();
  expect(continued.groups.map((group) => group.now)).toEqual([house.time.now(), house.time.now()]);
});
