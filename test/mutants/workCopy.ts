/**
 * A copy of the checkout to mutate, in a temporary directory: the working tree is never touched. Packages of others are
 * links to the installed ones; our own are links within the copy, or a mutant would not be seen from other packages.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../sourceFiles.ts';
import { type Mutant, mutate } from './mutant.ts';

const LEFT_OUT = new Set(['node_modules', 'coverage', 'data', 'dist', 'tmp', 'results']);
const OUR_SCOPE = '@oms';

export class WorkCopy {
  readonly directory: string;

  constructor() {
    this.directory = mkdtempSync(path.join(os.tmpdir(), 'oms-mutants-'));
    try {
      copySources(this.directory);
      linkPackages(this.directory);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Runs `work` with the mutant applied. @throws Error when it does not apply */
  async with<T>(mutant: Mutant, work: () => Promise<T>): Promise<T> {
    const file = path.join(this.directory, mutant.file);
    const original = readFileSync(file, 'utf8');
    writeFileSync(file, mutate(mutant, original));
    try {
      return await work();
    } finally {
      writeFileSync(file, original);
    }
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function copySources(directory: string): void {
  const isWanted = (name: string): boolean => !LEFT_OUT.has(name) && !name.startsWith('.');
  for (const name of readdirSync(ROOT).filter(isWanted)) {
    cpSync(path.join(ROOT, name), path.join(directory, name), {
      recursive: true,
      filter: (source) => isWanted(path.basename(source)),
    });
  }
}

function linkPackages(directory: string): void {
  const from = path.join(ROOT, 'node_modules');
  const to = path.join(directory, 'node_modules');
  mkdirSync(path.join(to, OUR_SCOPE), { recursive: true });
  // What begins with a dot is a tool's own, and caches there must not be shared.
  for (const name of readdirSync(from)) {
    if (!name.startsWith('.') && name !== OUR_SCOPE) symlinkSync(path.join(from, name), path.join(to, name));
  }
  symlinkSync(path.join(from, '.bin'), path.join(to, '.bin'));
  for (const name of readdirSync(path.join(from, OUR_SCOPE))) {
    const workspace = path.resolve(from, OUR_SCOPE, readlinkSync(path.join(from, OUR_SCOPE, name)));
    symlinkSync(path.join(directory, path.relative(ROOT, workspace)), path.join(to, OUR_SCOPE, name));
  }
}
