/** `oms version`: which release, on which Node. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { CommandContext } from '../main.ts';

export function addVersionCommand(program: Command, context: CommandContext): void {
  program
    .command('version')
    .description('show the version')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ oms version --json')
    .action(async (options: { json?: true }) => {
      const { createOutput } = await import('../printing/output.ts');
      const output = createOutput(context.streams, options.json === true);
      const version = readVersion();
      if (output.json) output.jsonLine({ version, node: process.version });
      else output.line(`oms ${version} (Node ${process.version})`);
    });
}

export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String((manifest as { version: unknown }).version);
}
