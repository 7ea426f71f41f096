/** When a snapshot is made: by the length of the tail, by how busy the house is, one at a time, and at a stop. */
import { ManualTime } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import {
  CALM_RECORDS_PER_CHECK,
  SnapshotKeeper,
  TAIL_AT_STOP_RECORDS,
  TAIL_MAX_RECORDS,
  TAIL_WORTH_RECORDS,
} from '../src/snapshotKeeper.ts';

function keptHouse(durablePosition = 0) {
  const time = new ManualTime();
  const log: string[] = [];
  const attempts: PromiseWithResolvers<void>[] = [];
  const house = {
    durablePosition,
    startSnapshot(position: number) {
      log.push(`worker ${position}`);
      const attempt = Promise.withResolvers<void>();
      attempts.push(attempt);
      const cancel = async () => {
        log.push('cancel');
        attempt.reject(new Error('ended'));
      };
      return { made: attempt.promise, cancel };
    },
    async snapshotNow() {
      log.push('now');
      return house.durablePosition;
    },
  };
  const keeper = new SnapshotKeeper(0, house, time, ({ code }) => log.push(code));
  /** Seconds in each of which so many records came. */
  const run = (seconds: number, records: number): void => {
    for (let i = 0; i < seconds; i++) {
      house.durablePosition += records;
      time.advance(1_000);
    }
  };
  return { house, keeper, log, run, settle: (index: number) => attempts[index]! };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('snapshots are made', () => {
  it('in calm times as soon as the tail is worth it, not earlier', () => {
    const { log, run } = keptHouse();
    run(1, CALM_RECORDS_PER_CHECK);
    run(Math.ceil(TAIL_WORTH_RECORDS / CALM_RECORDS_PER_CHECK) - 2, CALM_RECORDS_PER_CHECK);
    expect(log).toEqual([]);
    run(1, CALM_RECORDS_PER_CHECK);
    expect(log).toHaveLength(1);
  });

  it('of a tail that a burst left, once it is over', () => {
    const { log, run } = keptHouse();
    run(2, TAIL_WORTH_RECORDS);
    expect(log).toEqual([]);
    run(1, 0);
    expect(log).toEqual([`worker ${2 * TAIL_WORTH_RECORDS}`]);
  });

  it('in the middle of a burst when the tail is as long as it may get', () => {
    const { log, run } = keptHouse();
    run(1, TAIL_MAX_RECORDS - 1);
    run(0, 0);
    expect(log).toEqual([]);
    run(1, CALM_RECORDS_PER_CHECK + 1);
    expect(log).toHaveLength(1);
  });

  it('one at a time, and the next from the position of the one before', async () => {
    const { log, run, settle } = keptHouse();
    run(3, TAIL_MAX_RECORDS);
    expect(log).toEqual([`worker ${TAIL_MAX_RECORDS}`]);
    settle(0).resolve();
    await turn();
    run(1, 0);
    expect(log).toEqual([`worker ${TAIL_MAX_RECORDS}`, `worker ${3 * TAIL_MAX_RECORDS}`]);
  });

  it('not again at once after a failure, which is told', async () => {
    const { log, run, settle } = keptHouse();
    run(1, TAIL_MAX_RECORDS);
    settle(0).reject(new Error('the disk is full'));
    await turn();
    run(5, 1);
    expect(log).toEqual([`worker ${TAIL_MAX_RECORDS}`, 'SNAPSHOT_WRITE_FAILED']);
    run(1, TAIL_WORTH_RECORDS);
    run(1, 0);
    expect(log).toHaveLength(3);
  });
});

describe('at a clean stop', () => {
  it.each([
    { tail: TAIL_AT_STOP_RECORDS - 1, log: [] },
    { tail: TAIL_AT_STOP_RECORDS, log: ['now'] },
  ])('a tail of $tail records gives $log', async ({ tail, log: expected }) => {
    const { house, keeper, log, run } = keptHouse();
    house.durablePosition = tail;
    await keeper.finish();
    expect(log).toEqual(expected);
    run(1, TAIL_MAX_RECORDS);
    expect(log).toEqual(expected);
  });

  it('ends a worker under way, saves the state itself, and is not bothered by the end it made', async () => {
    const { keeper, log, run } = keptHouse();
    run(1, TAIL_MAX_RECORDS);
    await keeper.finish();
    await turn();
    expect(log).toEqual([`worker ${TAIL_MAX_RECORDS}`, 'cancel', 'now']);
  });

  it('tells of a state that could not be saved, and stops all the same', async () => {
    const { house, keeper, log } = keptHouse(TAIL_MAX_RECORDS);
    house.snapshotNow = () => Promise.reject(new Error('the disk is full'));
    await keeper.finish();
    expect(log).toEqual(['SNAPSHOT_WRITE_FAILED']);
  });
});
