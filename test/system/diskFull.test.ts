/** A disk that takes no more: the process says so and ends, releasing the data directory; nothing acknowledged is lost. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';
import { OMS, startProcess } from './support/server.ts';

/** Blocks of 1 KiB: less than the first journal segment needs. */
const FILE_BLOCKS_MAX = 60_000;

describe('a disk that takes no more', () => {
  const directory = mkdtempSync(join(tmpdir(), 'oms-full-'));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('ends the process with a reason and the next step, and leaves a directory that starts again', async () => {
    const command = `ulimit -f ${FILE_BLOCKS_MAX}; exec "${process.execPath}" "${OMS}" start --port 0 --data-dir "${directory}"`;
    const ended = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(/journal failed/);
    expect(ended.stderr).toMatch(/start again/);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(directory).some((name) => name.startsWith('stopped-'))).toBe(true);

    const again = await startProcess(directory);
    const answer = await fetch(`${again.address}/readyz`);
    expect(answer.status).toBe(200);
    await again.process.kill('SIGTERM');
  });
});
