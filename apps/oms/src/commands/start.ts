/** Runs the server until it is told to stop: banner once ready, drain on SIGTERM or Ctrl-C, exit code 0 after that. */
import { InfrastructureError } from '@oms/ports';
import { CommandError } from '../commandError.ts';
import type { Notice } from '../compose/startOms.ts';
import type { CommandContext } from '../main.ts';
import { createOutput, type Output } from '../printing/output.ts';
import { printBanner } from '../printing/startBanner.ts';
import type { StartFlags } from './startCommand.ts';
import { readStartOptions } from './startOptions.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** A signal sent to the whole process group arrives twice: once directly, once forwarded by npm. */
const REPEAT_MS = 1_000;
/** Time to print why it stopped. */
const LAST_WORDS_MS = 200;

export async function start(flags: StartFlags, context: CommandContext): Promise<number> {
  const options = readStartOptions(flags, context.environment);
  const output = createOutput(context.streams, flags.json === true);
  const startedAt = Date.now();
  // From here on, so that a signal during recovery is not lost either.
  const stopAsked = waitForStop();
  // Loaded only now: a wrong option should not wait for all of the system.
  const { startOms } = await import('../compose/startOms.ts');
  const outside = context.outside === undefined ? {} : { outside: context.outside };
  const running = await startOms({ ...options, ...outside, onNotice: (notice) => printNotice(output, notice) });
  if (output.json) {
    const { address, recovery, firstSignIn } = running;
    output.jsonLine({ event: 'ready', address, ...options, recovery, firstSignIn, pid: process.pid });
  } else printBanner(output, options, running, Date.now() - startedAt);
  const ending = await Promise.race([stopAsked, running.failed]);
  if (typeof ending !== 'string') {
    // What is still open (sockets, the projector) would keep the process, and with it the lock, for ever.
    setTimeout(() => process.exit(1), LAST_WORDS_MS);
    throw stoppedByItself(ending);
  }
  if (!output.json) output.note(`${ending}: finishing what is under way …`);
  await running.stop();
  if (!output.json) output.note('Stopped. Everything acknowledged is on disk.');
  return 0;
}

function printNotice(output: Output, notice: Notice): void {
  output.note(output.json ? JSON.stringify({ event: 'notice', ...notice }) : `${notice.code}: ${notice.message}`);
}

/** A failed disk or a bug of ours: the process ends, and the next start recovers what was acknowledged. */
function stoppedByItself({ error, evidenceFile }: { error: unknown; evidenceFile: string }): CommandError {
  const code = error instanceof InfrastructureError ? error.code : 'STOPPED';
  return new CommandError(
    code,
    `The system stopped: ${error instanceof Error ? error.message : String(error)}`,
    `Nothing acknowledged is lost. What is known is in ${evidenceFile}; mend the cause and start again.`,
  );
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
