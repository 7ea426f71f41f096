#!/usr/bin/env node
/**
 * The `oms` command. The program needs Node 24; when an older one runs this file, it hands over to the pinned Node of
 * the nearest node_modules. Plain JavaScript, for the older Node must be able to read it.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
const self = fileURLToPath(import.meta.url);

function findPinnedNode(directory) {
  const candidate = path.join(directory, 'node_modules', '.bin', 'node');
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(directory);
  return parent === directory ? null : findPinnedNode(parent);
}

/** In the nearest node_modules; undefined lets Node choose a temporary place. */
function cacheDirectory(directory) {
  const node = findPinnedNode(directory);
  return node === null ? undefined : path.join(node, '..', '..', '.cache', 'oms');
}

function handOver(node) {
  // Refuses to loop should the pinned Node be older than it claims.
  const environment = { ...process.env, OMS_HANDED_OVER: '1' };
  const child = spawn(node, [self, ...process.argv.slice(2)], { stdio: 'inherit', env: environment });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${node}: ${error.message}\nRun \`npm run setup\` in the checkout and try again.\n`);
    process.exitCode = 1;
  });
  child.on('close', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) {
  // Keeps the stripped and compiled modules beside node_modules: the next start has half the work.
  const { default: nodeModule } = await import('node:module');
  nodeModule.enableCompileCache?.(cacheDirectory(path.dirname(self)));
  const { runCommandLine } = await import('../src/main.ts');
  process.exitCode = await runCommandLine(process.argv.slice(2));
} else {
  const node = process.env.OMS_HANDED_OVER === undefined ? findPinnedNode(path.dirname(self)) : null;
  if (node !== null) handOver(node);
  else {
    process.stderr.write(
      `oms needs Node ${NODE_MAJOR}; this is ${process.version}. Run \`npm run setup\` in the checkout, or put Node ${NODE_MAJOR} first on your PATH.\n`,
    );
    process.exitCode = 1;
  }
}
