/** Runs the independent checks on a data directory and prints their verdict. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { verifyDataDirectory } from '@oms/verifier';
import { CommandError } from '../commandError.ts';
import type { CommandContext } from '../main.ts';
import { createOutput } from '../printing/output.ts';
import { createProgressBar } from '../printing/progressBar.ts';
import { printVerifyReport } from '../printing/verifyReport.ts';
import type { VerifyFlags } from './verifyCommand.ts';

export async function verify(flags: VerifyFlags, context: CommandContext): Promise<number> {
  const output = createOutput(context.streams, flags.json === true);
  const directory = path.resolve(flags.dataDir ?? (context.environment.OMS_DATA_DIR || 'data'));
  if (!existsSync(directory)) {
    throw new CommandError('NO_DATA_DIRECTORY', `There is no directory ${directory}.`, 'Say which with --data-dir.');
  }
  const bar = createProgressBar(output, 'Verifying');
  const report = await verifyDataDirectory(directory, { onProgress: bar.update, anchors: flags.anchor ?? [] });
  bar.done();
  if (output.json) output.jsonLine(report);
  else printVerifyReport(report, output);
  return report.ok ? 0 : 1;
}
