/** Runs the server until it is told to stop: banner once ready, drain on SIGTERM or Ctrl-C, exit code 0 after that. */
import { startOms } from '../compose/startOms.ts';
import type { CommandContext } from '../main.ts';
import { createOutput } from '../printing/output.ts';
import { printBanner } from '../printing/startBanner.ts';
import type { StartFlags } from './startCommand.ts';
import { readStartOptions } from './startOptions.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** A signal sent to the whole process group arrives twice: once directly, once forwarded by npm. */
const REPEAT_MS = 1_000;

export async function start(flags: StartFlags, context: CommandContext): Promise<number> {
  const options = readStartOptions(flags, context.environment);
  const output = createOutput(context.streams, flags.json === true);
  const startedAt = Date.now();
  // From here on, so that a signal during recovery is not lost either.
  const stopAsked = waitForStop();
  const running = await startOms(options);
  if (output.json) {
    const { address, recovery } = running;
    output.jsonLine({ event: 'ready', address, ...options, recovery, pid: process.pid });
  } else printBanner(output, options, running, Date.now() - startedAt);
  const signal = await stopAsked;
  if (!output.json) output.note(`${signal}: finishing what is under way …`);
  await running.stop();
  if (!output.json) output.note('Stopped. Everything acknowledged is on disk.');
  return 0;
}

/** Resolves with the first signal; a later one, of a person who will not wait, ends the process at once. */
function waitForStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (firstAt === null) {
          firstAt = Date.now();
          resolve(signal);
        } else if (Date.now() - firstAt > REPEAT_MS) {
          process.exit(signal === 'SIGINT' ? 130 : 143);
        }
      });
    }
  });
}
