/** docs/reference/faults.md is true: the tests and campaigns it names exist, and no campaign is left out. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../sourceFiles.ts';
import { allCampaigns } from './allCampaigns.ts';

const page = readFileSync(path.join(ROOT, 'docs/reference/faults.md'), 'utf8');
const rows = [...page.matchAll(/^\|(.+)\|(.+)\|(.*)\|$/gm)].slice(2);
const quotedIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

describe('the page of faults', () => {
  it('names tests that are there', () => {
    expect(rows.length).toBeGreaterThan(10);
    const named = rows.flatMap(([, , tests]) => quotedIn(tests!));
    expect(named.length).toBeGreaterThanOrEqual(rows.length);
    expect(named.filter((file) => !/\.test\.ts$/.test(file) || !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it('names every campaign of the deep run, and no other', async () => {
    const named = rows.flatMap(([, , , campaigns]) => quotedIn(campaigns!));
    expect(named.sort()).toEqual((await allCampaigns()).map(({ name }) => name).sort());
  });

  it('is about campaigns that each have a name of their own', async () => {
    const names = (await allCampaigns()).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});
