/**
 * The command line: what commands there are, and how one ends. Each command loads its own code when it is run, so that
 * `oms --help` stays quick.
 */
import { Command, CommanderError } from 'commander';
import { addBenchCommand } from './commands/benchCommand.ts';
import { addIdentityCommand } from './commands/identityCommand.ts';
import { addOrderCommands } from './commands/orderCommands.ts';
import { addSimulateCommand } from './commands/simulateCommand.ts';
import { addStartCommand } from './commands/startCommand.ts';
import { addTokenCommand } from './commands/tokenCommand.ts';
import { addVerifyCommand } from './commands/verifyCommand.ts';
import { addVersionCommand } from './commands/versionCommand.ts';
import type { Outside } from './compose/outside.ts';
import type { OutputStreams } from './printing/output.ts';

/** What a command needs of the world around it. */
export interface CommandContext {
  readonly streams: OutputStreams;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `oms start` runs on: the operating system, unless a test's program says otherwise. */
  readonly outside?: Outside;
  /** Commands set it when they end with something other than success. */
  exitCode: number;
}

const HELP = `
Examples:
  $ oms start                                   everything in this process, on http://127.0.0.1:8080
  $ oms order place --account DEMO-0001 --symbol BTC-USD --side buy --quantity 0.1 --price 50000
  $ oms order list --status open
  $ oms token --role trader
  $ oms bench --duration 10
  $ oms verify --data-dir ./data

Every command takes --json for programs and --help for more. The exit code is 0 only on success.`;

export function buildProgram(context: CommandContext): Command {
  const program = new Command('oms')
    .description('An order management system for crypto trading desks')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.streams.out.write(text),
      writeErr: (text) => context.streams.error.write(text),
    })
    .showHelpAfterError('(see what is possible with --help)')
    .addHelpText('after', HELP);
  addStartCommand(program, context);
  addOrderCommands(program, context);
  addBenchCommand(program, context);
  addSimulateCommand(program, context);
  addTokenCommand(program, context);
  addIdentityCommand(program, context);
  addVerifyCommand(program, context);
  addVersionCommand(program, context);
  return program;
}

/** Runs one command. @returns the exit code. */
export async function runCommandLine(
  arguments_: readonly string[],
  surroundings: Omit<CommandContext, 'exitCode'> = {
    streams: { out: process.stdout, error: process.stderr },
    environment: process.env,
  },
): Promise<number> {
  const context: CommandContext = { ...surroundings, exitCode: 0 };
  try {
    await buildProgram(context).parseAsync([...arguments_], { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 || isHelp(error, arguments_) ? 0 : 2;
    return reportFailure(error, context, arguments_.includes('--json'));
  }
}

/** `oms` and `oms order` alone show their help, which commander counts as a failure. */
const isHelp = (error: CommanderError, arguments_: readonly string[]): boolean =>
  error.code === 'commander.help' && arguments_.length === 0;

async function reportFailure(thrown: unknown, context: CommandContext, json: boolean): Promise<number> {
  const { commandErrorOf } = await import('./commandError.ts');
  const error = commandErrorOf(thrown);
  if (error === null) throw thrown;
  const { createOutput } = await import('./printing/output.ts');
  const output = createOutput(context.streams, json);
  if (json) {
    const { code, message, nextStep } = error;
    output.note(JSON.stringify({ error: { code, message, nextStep } }));
  } else {
    output.note(`${output.colors.red('✗')} ${error.message}`);
    if (error.nextStep !== null) output.note(`  ${error.nextStep}`);
  }
  return error.exitCode;
}
