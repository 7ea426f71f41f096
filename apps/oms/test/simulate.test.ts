/** `oms simulate`: one line of JSON that is the same whenever it is run, a table for people, and a trace. */
import { expect, it } from 'vitest';
import { runOms } from './commandRunner.ts';

const ONE = ['simulate', '--seed', '3', '--minutes', '0.05', '--workers', '1'];

it('prints the same JSON again', async () => {
  const first = await runOms([...ONE, '--json']);
  expect(first).toMatchObject({ exitCode: 0, error: '' });
  expect(JSON.parse(first.out)).toMatchObject({ first: 3, last: 3, seeds: 1, failed: [] });
  expect((await runOms([...ONE, '--json'])).out).toBe(first.out);
});

it('says for people what was given, and that everything holds', async () => {
  const { exitCode, out } = await runOms(ONE);
  expect(exitCode).toBe(0);
  expect(out).toContain('1 seeds of 0.05 simulated minutes');
  expect(out).toContain('Everything holds.');
});

it('tells everything that happens with --trace', async () => {
  const { exitCode, out } = await runOms([...ONE, '--trace']);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^0\.000 start at 0/m);
  expect(out).toMatch(/place SIM-\d 20\d/);
});
