/** The deep run itself, with toy campaigns on a clock of the test's own: sharing of time, doses, breaches, interruption. */
import { describe, expect, it } from 'vitest';
import { type Campaign, type CampaignContext, campaignOf } from './campaign.ts';
import { failureBound, reportJson, reportTable } from './deepReport.ts';
import { type DeepRunOptions, deepRun, isBreached } from './deepRun.ts';

/** A clock that each dose moves on. */
function toys() {
  let now = 0;
  const seeds = new Map<string, number[]>();
  const toy = (name: string, doseMs: number, dosesWanted: number, breach?: (seed: number) => boolean): Campaign =>
    campaignOf({
      name,
      fault: `fault ${name}`,
      dosesWanted,
      dose(seed) {
        now += doseMs;
        seeds.set(name, [...(seeds.get(name) ?? []), seed]);
        if (breach?.(seed) === true) throw new Error(`I4: ${seed} is one too many`);
      },
    });
  const interruption = new AbortController();
  const run = (campaigns: readonly Campaign[], options: Partial<DeepRunOptions> = {}) =>
    deepRun({
      campaigns,
      durationMs: 1_000,
      firstSeed: 100,
      now: () => now,
      interrupted: interruption.signal,
      onProgress: () => {},
      ...options,
    });
  return { toy, run, seeds, interruption, now: () => now };
}

const never = (name: string, run: (context: CampaignContext) => Promise<void>): Campaign => ({
  name,
  fault: name,
  dosesWanted: 10,
  run,
});

describe('the time', () => {
  it('is shared evenly between campaigns that want more than they get', async () => {
    const { toy, run, now } = toys();
    const tallies = await run([toy('a', 10, 1_000), toy('b', 10, 1_000), toy('c', 5, 1_000)]);
    expect(tallies.map(({ doses }) => doses)).toEqual([34, 33, 66]);
    expect(now()).toBeLessThan(1_000 + 30);
  });

  it('of a campaign that had what it wants goes to the others', async () => {
    const { toy, run } = toys();
    const tallies = await run([toy('long', 10, 1_000), toy('short', 10, 3)]);
    expect(tallies.map(({ doses }) => doses)).toEqual([97, 3]);
  });

  it('is used up even when all had what they want', async () => {
    const { toy, run, now } = toys();
    const tallies = await run([toy('a', 10, 2), toy('b', 10, 2)]);
    expect(now()).toBeGreaterThanOrEqual(1_000);
    for (const { doses } of tallies) expect(doses).toBeGreaterThan(40);
  });

  it('gives each campaign one dose, however short it is', async () => {
    const { toy, run } = toys();
    const tallies = await run([toy('a', 5_000, 10), toy('b', 5_000, 10)], { durationMs: 1 });
    expect(tallies.map(({ doses }) => doses)).toEqual([1, 1]);
  });
});

describe('doses', () => {
  it('each have the next seed, over all turns of their campaign, up to the most that was asked for', async () => {
    const { toy, run, seeds } = toys();
    await run([toy('a', 10, 3), toy('b', 10, 20)], { dosesMax: 7 });
    expect(seeds.get('a')).toEqual([100, 101, 102, 103, 104, 105, 106]);
    expect(seeds.get('b')).toEqual([100, 101, 102, 103, 104, 105, 106]);
  });

  it('given several at once advance the seed by as many', async () => {
    const { run } = toys();
    const seen: number[] = [];
    const many = campaignOf({
      name: 'm',
      fault: 'm',
      dosesWanted: 30,
      dosesAtOnce: 10,
      dose: (seed) => void seen.push(seed),
    });
    const [tally] = await run([many], { dosesMax: 30 });
    expect([seen, tally!.doses]).toEqual([[100, 110, 120], 30]);
  });
});

describe('a breach', () => {
  it('is told at once with the line that repeats it, and the campaign goes on', async () => {
    const { toy, run } = toys();
    const told: string[] = [];
    const [tally] = await run([toy('a', 10, 10, (seed) => seed === 103)], {
      dosesMax: 10,
      onProgress: ({ breach }) => told.push(...(breach === undefined ? [] : [breach.rerun])),
    });
    expect(told).toEqual(['npm run test:deep -- --only a --seed 103 --doses 1']);
    expect(tally).toMatchObject({ doses: 10, breaches: [{ seed: 103, what: 'I4: 103 is one too many' }] });
    expect(isBreached(tally!)).toBe(true);
  });

  it('is also a campaign that throws or gives no dose, and the others still run', async () => {
    const { toy, run } = toys();
    const broken = never('broken', () => Promise.reject(new Error('out of order')));
    const lazy = never('lazy', async () => {});
    const tallies = await run([broken, lazy, toy('a', 10, 5)]);
    expect(tallies.map(isBreached)).toEqual([true, true, false]);
    expect(tallies[0]!.failure).toContain('out of order');
    expect(tallies[2]!.doses).toBeGreaterThan(0);
  });
});

describe('an interruption', () => {
  it('ends the run after the dose under way, whose failure is no breach', async () => {
    const { toy, run, interruption } = toys();
    const interrupted = campaignOf({
      name: 'i',
      fault: 'i',
      dosesWanted: 10,
      dose() {
        interruption.abort();
        throw new Error('its server was killed');
      },
    });
    const tallies = await run([interrupted, toy('a', 10, 5)]);
    expect(tallies.map(({ doses, breaches, failure }) => [doses, breaches, failure])).toEqual([
      [0, [], null],
      [0, [], null],
    ]);
  });
});

describe('the report', () => {
  it('bounds the chance of a failure by the rule of three, and only where nothing failed', async () => {
    const { toy, run } = toys();
    const unavailable = { ...toy('u', 1, 5), unavailable: 'needs a moon' };
    const tallies = await run(
      [toy('clean', 1, 300), toy('broken', 1, 300, (seed) => seed === 100), toy('few', 1, 2), unavailable],
      { dosesMax: 300, durationMs: 10_000 },
    );
    expect(tallies.map(failureBound)).toEqual([0.01, null, 0.01, null]);
    const few = { ...tallies[2]!, doses: 3 };
    expect(failureBound(few)).toBeNull();
    const lines = reportTable([...tallies.slice(0, 2), few, tallies[3]!]).split('\n');
    expect(lines[0]).toMatch(/^fault +campaign +doses +wanted +breaches +failure per dose/);
    expect(lines[2]).toMatch(/fault clean +clean +300 +300 +0 +< 0\.010$/);
    expect(lines[3]).toMatch(/broken +300 +300 +1 +–$/);
    expect(lines[4]).toMatch(/few +3 +2 +0 +–$/);
    expect(lines[5]).toMatch(/needs a moon$/);
    const json = JSON.parse(reportJson(tallies));
    expect(json.ok).toBe(false);
    expect(json.campaigns[1]).toMatchObject({ name: 'broken', doses: 300, breaches: [{ seed: 100 }] });
  });
});
