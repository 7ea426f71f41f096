/**
 * Runs test files in a copy of the sources and tells what became of them. Only a test that ran and failed counts as a
 * failure: a file that cannot be loaded, or a run without an end, says nothing about the tests.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Many times what the slowest check takes on a busy machine. */
const LIMIT_MS = 240_000;
const OUTPUT_KEPT = 2_000;

export type CheckResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly file: string; readonly test: string; readonly message: string }
  | { readonly kind: 'broken'; readonly why: string };

/** What of vitest's JSON report is looked at. */
interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** @param directory root of the copy */
export async function runCheck(
  directory: string,
  files: readonly string[],
  workers: number,
  signal: AbortSignal,
): Promise<CheckResult> {
  const reportFile = path.join(directory, 'mutant-report.json');
  rmSync(reportFile, { force: true });
  const { code, output } = await runVitest(directory, files, workers, reportFile, signal);
  signal.throwIfAborted();
  if (code === null) return { kind: 'broken', why: `no end within ${LIMIT_MS / 1_000} s` };
  if (!existsSync(reportFile)) return { kind: 'broken', why: `no report: ${output.trim()}` };
  return resultOf(JSON.parse(readFileSync(reportFile, 'utf8')) as Report, directory, files.length, code);
}

function resultOf(report: Report, directory: string, filesWanted: number, code: number): CheckResult {
  for (const { name, assertionResults } of report.testResults) {
    const failed = assertionResults.find(({ status }) => status === 'failed');
    if (failed === undefined) continue;
    const message = failed.failureMessages[0]?.split('\n')[0] ?? '';
    return { kind: 'failed', file: path.relative(directory, name), test: failed.fullName, message };
  }
  const unloaded = report.testResults.find(({ status }) => status !== 'passed');
  if (unloaded !== undefined) return { kind: 'broken', why: `${unloaded.name} cannot be loaded: ${unloaded.message}` };
  if (report.testResults.length < filesWanted) {
    return { kind: 'broken', why: `only ${report.testResults.length} of ${filesWanted} test files were run` };
  }
  return code === 0 ? { kind: 'passed' } : { kind: 'broken', why: 'an error outside of any test' };
}

function runVitest(
  directory: string,
  files: readonly string[],
  workers: number,
  reportFile: string,
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const arguments_ = ['run', ...files, '--bail=1', `--maxWorkers=${workers}`];
  const reporting = ['--reporter=json', `--outputFile.json=${reportFile}`];
  return new Promise((resolve) => {
    const child = spawn(path.join(directory, 'node_modules', '.bin', 'vitest'), [...arguments_, ...reporting], {
      cwd: directory,
      // A group of its own, so that the servers that tests start end with it.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, PATH: `${path.join(directory, 'node_modules', '.bin')}:${process.env.PATH ?? ''}` },
    });
    let output = '';
    child.stderr.on('data', (chunk) => {
      if (output.length < OUTPUT_KEPT) output += chunk;
    });
    const end = (): void => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(end, LIMIT_MS);
    signal.addEventListener('abort', end);
    const settle = (code: number | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output = error.message;
      settle(127);
    });
    child.on('close', (code) => settle(code));
  });
}
