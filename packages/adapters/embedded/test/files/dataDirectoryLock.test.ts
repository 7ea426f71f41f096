/** The data directory's lock against real processes: refused while held, free once its holder is gone, however it went. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDirectory } from '../../src/files/dataDirectoryLock.ts';

const HOLDER = fileURLToPath(new URL('./lockHolder.ts', import.meta.url));

describe('lockDataDirectory', () => {
  let root: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'oms-lock-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    rmSync(root, { recursive: true });
  });

  async function startHolder(directory: string): Promise<{ child: ChildProcess; said: string }> {
    const child = spawn(process.execPath, [HOLDER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [said] = await once(child.stdout!, 'data');
    return { child, said: String(said).trim() };
  }
  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  const refusal = (directory: string): { code: string; message: string } => {
    try {
      lockDataDirectory(directory).release();
    } catch (error) {
      return error as { code: string; message: string };
    }
    throw new Error('it was not refused');
  };

  it('makes the directory, and is refused to a second call until it is released', () => {
    const directory = join(root, 'a', 'b');
    const lock = lockDataDirectory(directory);
    expect(existsSync(directory)).toBe(true);
    expect(refusal(directory).code).toBe('DATA_DIRECTORY_LOCKED');
    lock.release();
    lock.release();
    lockDataDirectory(directory).release();
  });

  it('is refused to another process while this one holds it', async () => {
    const lock = lockDataDirectory(root);
    expect((await startHolder(root)).said).toBe('DATA_DIRECTORY_LOCKED');
    lock.release();
    expect((await startHolder(root)).said).toBe('locked');
  });

  it('names the process that holds it, and is free once that was killed', async () => {
    const { child, said } = await startHolder(root);
    expect(said).toBe('locked');
    const { code, message } = refusal(root);
    expect(code).toBe('DATA_DIRECTORY_LOCKED');
    expect(message).toContain(root);
    expect(message).toContain(`process ${child.pid}`);
    await kill(child);
    lockDataDirectory(root).release();
  });

  it.each<[string, (directory: string) => void, RegExp]>([
    ['a file is in the way', (directory) => writeFileSync(directory, ''), /file of that name: remove it/],
    [
      'the lock file is something else',
      (directory) => makeWith(directory, 'lock.sqlite', 'x'.repeat(9_000)),
      /Remove it/,
    ],
    [
      'the lock file is a directory',
      (directory) => mkdirSync(join(directory, 'lock.sqlite'), { recursive: true }),
      /write/,
    ],
    ['it cannot be written', (directory) => mkdirSync(join(directory, 'lock.pid'), { recursive: true }), /write/],
  ])('says DATA_DIRECTORY_UNUSABLE, the path and what to do when %s', (_, prepare, step) => {
    const directory = join(root, 'data');
    prepare(directory);
    const { code, message } = refusal(directory);
    expect(code).toBe('DATA_DIRECTORY_UNUSABLE');
    expect(message).toContain(directory);
    expect(message).toMatch(step);
  });

  it('is not held after it was refused as unusable', () => {
    mkdirSync(join(root, 'lock.pid'));
    expect(refusal(root).code).toBe('DATA_DIRECTORY_UNUSABLE');
    rmSync(join(root, 'lock.pid'), { recursive: true });
    lockDataDirectory(root).release();
  });

  it('says that a part of the path is a file', () => {
    writeFileSync(join(root, 'file'), '');
    expect(refusal(join(root, 'file', 'data'))).toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringContaining('choose another data directory'),
    });
  });

  const makeWith = (directory: string, name: string, text: string): void => {
    mkdirSync(directory);
    writeFileSync(join(directory, name), text);
  };
});
