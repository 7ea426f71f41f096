/**
 * Makes a checkout ready to run, from any Node of version 20 or newer and nothing installed: dependencies by
 * `npm ci`, and the pinned Node that everything else runs under. When it is ready already, this costs a few stat calls.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const BIN = path.join(ROOT, 'node_modules', '.bin');
export const PINNED_NODE = path.join(BIN, 'node');
const NODE_MAJOR = 24;

/** A failure the reader can do something about: `message` says what happened and what to do next. */
export class SetupError extends Error {}

/** The environment for every child: the pinned Node and the workspace's own tools come first. */
export const childEnvironment = () => ({ ...process.env, PATH: `${BIN}${path.delimiter}${process.env.PATH ?? ''}` });

const modifiedMs = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** npm writes node_modules/.package-lock.json as the last act of an install that succeeded. */
export function isInstalled(root = ROOT) {
  const installedAt = modifiedMs(path.join(root, 'node_modules', '.package-lock.json'));
  return installedAt > 0 && installedAt >= modifiedMs(path.join(root, 'package-lock.json'));
}

/** The link is followed, so a Node package whose install script was blocked counts as missing. */
const hasPinnedNode = () =>
  existsSync(PINNED_NODE) && packageVersion(path.join(ROOT, 'node_modules', 'node')).startsWith(`${NODE_MAJOR}.`);

function packageVersion(directory) {
  try {
    return JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')).version ?? '';
  } catch {
    return '';
  }
}

/** @throws SetupError with the next step, when the checkout cannot be made ready. */
export async function ensureReady() {
  if (process.platform === 'win32') {
    throw new SetupError('Windows is not supported directly. Run it in WSL, or in a Linux container.');
  }
  if (isInstalled() && hasPinnedNode()) return;
  if (!isInstalled()) await install();
  if (!hasPinnedNode()) await fetchPinnedNode();
  const found = spawnSync(PINNED_NODE, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  if (!found.startsWith(`v${NODE_MAJOR}.`)) {
    throw new SetupError(
      `The pinned Node ${NODE_MAJOR} is not usable (node_modules/.bin/node answers ${found === '' ? 'nothing' : found}).\n` +
        'Next: delete node_modules and run `npm run setup` again; if your npm blocks install scripts, run\n' +
        '      `npm rebuild node --ignore-scripts=false` first.',
    );
  }
}

async function install() {
  const done = showProgress('Installing dependencies (first run only)');
  // --ignore-scripts=false: a machine-wide ignore-scripts would leave out the pinned Node.
  const arguments_ = [
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--progress=false',
    '--ignore-scripts=false',
  ];
  const result = await runQuietly('npm', arguments_, ROOT);
  done(result.code === 0);
  if (result.code === 0) return;
  throw new SetupError(
    `npm ci failed:\n${indent(withoutHosts(result.output))}\n` +
      'Next: check the network and the free disk space, then run the same command again. If package-lock.json was\n' +
      '      changed by hand, `npm install` puts it right.',
  );
}

/** npm 12 and `ignore-scripts` leave the Node package without its binary; this is the script they did not run. */
async function fetchPinnedNode() {
  const done = showProgress(`Fetching Node ${NODE_MAJOR}`);
  const directory = path.join(ROOT, 'node_modules', 'node');
  const result = await runQuietly(process.execPath, ['installArchSpecificPackage.js'], directory);
  const ok = result.code === 0 && hasPinnedNode();
  done(ok);
  if (ok) return;
  throw new SetupError(
    `Node ${NODE_MAJOR} could not be fetched:\n${indent(withoutHosts(result.output))}\n` +
      `Next: check the network, delete node_modules and run the same command again; or put a Node ${NODE_MAJOR} first on\n` +
      '      your PATH and run `npm run setup`.',
  );
}

const OUTPUT_KEPT = 16_000;

/** Runs a command with its output kept back, to be shown only when it fails. Ctrl-C ends it with us. */
export function runQuietly(command, arguments_, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, arguments_, { cwd, env: childEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk) => {
      if (output.length < OUTPUT_KEPT) output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const stop = endWith(child);
    child.on('error', (error) => {
      stop();
      resolve({ code: 127, output: `${command}: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      stop();
      if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(signal === 'SIGINT' ? 130 : 143);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Passes Ctrl-C and SIGTERM on to `child` instead of dying before it. @returns how to stop doing so. */
export function endWith(child) {
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}

/** One line on the error stream that says what is going on and for how long. */
export function showProgress(title) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const isTerminal = process.stderr.isTTY === true;
  process.stderr.write(isTerminal ? `${title} …` : `${title} …\n`);
  const timer = isTerminal ? setInterval(() => process.stderr.write(`\r${title} … ${seconds()} s`), 1000) : undefined;
  return (ok) => {
    clearInterval(timer);
    const line = `${title} … ${ok ? 'done' : 'failed'} (${seconds()} s)`;
    process.stderr.write(isTerminal ? `\r\u001b[K${line}\n` : `${line}\n`);
  };
}

/** Which registry a machine uses is nobody's business, least of all a build log's. */
export const withoutHosts = (text) => text.replace(/https?:\/\/[^\s/'"]+/g, '<registry>');

/** npm says what went wrong first and then explains itself at length. */
const LINES_SHOWN = 15;

const indent = (text) =>
  text
    .trim()
    .split('\n')
    .slice(0, LINES_SHOWN)
    .map((line) => `  ${line}`)
    .join('\n');
