/**
 * `npm run test:deep`: the deep column of the fault table for as long as told. Exit code 0 without a breach, 1 with
 * one, 2 for a wrong option, 130 after Ctrl-C. Nothing is left over, however it ends.
 */
import { parseArgs } from 'node:util';
import { allCampaigns } from './allCampaigns.ts';
import { type Campaign, rerunLine } from './campaign.ts';
import { reportJson, reportTable } from './deepReport.ts';
import { deepRun, isBreached, type Progress } from './deepRun.ts';
import { endAllLives } from './life.ts';

const USAGE = `npm run test:deep -- [options]
  --minutes M   how long (default: 5)
  --only A,B    only these campaigns (--list shows them)
  --seed N      seed of the first dose of each campaign (default: drawn, and told)
  --doses N     at most so many doses of each campaign
  --json        one line of JSON at the end in place of the table
  --list        show the campaigns and stop
`;
const SEEDS = 1_000_000_000;
const PROGRESS_MS = 5_000;

class UsageError extends Error {}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,12}$/.test(text)) throw new UsageError(`--${name} must be a whole number, not "${text}"`);
  return Number(text);
}

function readMinutes(text: string): number {
  const minutes = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (minutes > 0) return minutes;
  throw new UsageError(`--minutes must be a number above 0, not "${text}"`);
}

function choose(campaigns: readonly Campaign[], only: string | undefined): readonly Campaign[] {
  if (only === undefined) return campaigns;
  return only.split(',').map((name) => {
    const found = campaigns.find((campaign) => campaign.name === name);
    if (found === undefined) throw new UsageError(`there is no campaign "${name}"; --list shows them`);
    return found;
  });
}

function readOptions(arguments_: string[], campaigns: readonly Campaign[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: arguments_,
    options: {
      minutes: text,
      only: text,
      seed: text,
      doses: text,
      json: { type: 'boolean' },
      list: { type: 'boolean' },
    },
  });
  const dosesMax = wholeNumber('doses', values.doses);
  return {
    minutes: readMinutes(values.minutes ?? '5'),
    campaigns: choose(campaigns, values.only),
    firstSeed: wholeNumber('seed', values.seed) ?? Math.floor(Math.random() * SEEDS),
    ...(dosesMax === undefined ? {} : { dosesMax }),
    json: values.json === true,
    list: values.list === true,
  };
}

/** Ctrl-C ends the doses under way by ending their servers; a second one ends this process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
      endAllLives();
    });
  }
  process.on('exit', endAllLives);
  return controller.signal;
}

/** Progress goes to the error stream, at most a line every few seconds; a breach and a new turn at once. */
function progressPrinter(): (progress: Progress) => void {
  let lastAt = 0;
  return ({ kind, tally: { campaign, doses, breaches }, breach }) => {
    if (breach !== undefined) {
      process.stderr.write(`✗ ${campaign.name}: ${breach.what}\n  ${breach.rerun}\n`);
      return;
    }
    if (kind === 'dose' && Date.now() - lastAt < PROGRESS_MS) return;
    lastAt = Date.now();
    process.stderr.write(
      `  ${campaign.name}: ${doses} of ${campaign.dosesWanted} doses, ${breaches.length} breaches\n`,
    );
  };
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), await allCampaigns());
  if (options.list) {
    for (const { name, fault } of options.campaigns) process.stdout.write(`${name.padEnd(32)}${fault}\n`);
    return 0;
  }
  const interrupted = interruption();
  process.stderr.write(`Deep run of ${options.minutes} minutes from seed ${options.firstSeed}\n`);
  const tallies = await deepRun({
    ...options,
    durationMs: options.minutes * 60_000,
    now: Date.now,
    interrupted,
    onProgress: progressPrinter(),
  });
  process.stdout.write(`${options.json ? reportJson(tallies) : reportTable(tallies)}\n`);
  for (const { campaign, failure } of tallies) {
    if (failure === null) continue;
    process.stderr.write(
      `✗ ${campaign.name} ended early: ${failure}\n  ${rerunLine(campaign.name, options.firstSeed)}\n`,
    );
  }
  if (interrupted.aborted) return 130;
  return tallies.some(isBreached) ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const code = (error as { code?: string }).code ?? '';
  if (!(error instanceof UsageError) && !code.startsWith('ERR_PARSE_ARGS')) throw error;
  process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}
