/** Runs a script in a Node process of its own, so that nothing it measures starts from another's compiled code or heap. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { whenLeaving } from './leaving.ts';

const ERROR_TEXT_KEPT = 4_000;

/** @returns what it wrote to its output. @throws Error with what it complained of, when it does not end well */
export function runFresh(arguments_: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'pipe'] });
    // It has children and directories of its own to take along.
    const ended = whenLeaving(() => child.kill('SIGTERM'));
    let output = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaints = (complaints + chunk).slice(-ERROR_TEXT_KEPT);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      ended();
      if (code === 0) resolve(output);
      else reject(new Error(`node ${arguments_.join(' ')} ended with ${signal ?? code}:\n${complaints.trim()}`));
    });
  });
}

/** Numbers that a part in bench/parts prints as its last line. */
export async function runPart(part: string, arguments_: readonly string[]): Promise<Record<string, number>> {
  const script = fileURLToPath(new URL(`../parts/${part}`, import.meta.url));
  const output = await runFresh([...PART_NODE_OPTIONS, script, ...arguments_]);
  return JSON.parse(output.trim().split('\n').at(-1)!) as Record<string, number>;
}

/** A million open orders may take more than the default heap; what they take is what memory.ts measures. */
const PART_NODE_OPTIONS = ['--max-old-space-size=8192'];
