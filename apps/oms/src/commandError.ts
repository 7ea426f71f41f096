/** What a command ends with when it cannot do what was asked: what happened, what to do next, and the exit code. */
import { OmsError } from '@oms/client';
import { InfrastructureError } from '@oms/ports';

export class CommandError extends Error {
  readonly code: string;
  /** Said after the message, as an instruction; null when there is nothing to do. */
  readonly nextStep: string | null;
  readonly exitCode: number;

  constructor(code: string, message: string, nextStep: string | null = null, exitCode = 1) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.nextStep = nextStep;
    this.exitCode = exitCode;
  }
}

export const usageError = (message: string, nextStep: string | null = null): CommandError =>
  new CommandError('USAGE', message, nextStep, 2);

/** Turns whatever was thrown into a CommandError, or gives it back: a bug of ours keeps its stack. */
export function commandErrorOf(error: unknown): CommandError | null {
  if (error instanceof CommandError) return error;
  if (error instanceof OmsError) return new CommandError(error.code, describeOmsError(error), nextStepOf(error));
  if (error instanceof InfrastructureError) {
    return new CommandError(error.code, error.message, INFRASTRUCTURE_STEPS[error.code] ?? null);
  }
  return systemErrorOf(error);
}

function describeOmsError(error: OmsError): string {
  if (error.code === 'NO_ANSWER') return `No answer from ${error.detail}`;
  const fields = error.errors.map((field) => `\n  ${field.path}: ${field.message}`).join('');
  return `${error.detail} (${error.code})${fields}`;
}

function nextStepOf(error: OmsError): string | null {
  if (error.code === 'NO_ANSWER') return 'Is it running? Start it with: npm start. Another address: --url';
  if (error.code === 'IDEMPOTENCY_CONFLICT') return 'Choose another --client-order-id, or leave it out.';
  if (error.code === 'ORDER_NOT_OPEN') return 'See what became of it with: oms order show <orderId>';
  if (error.status === 404) return 'See what there is with: oms order list';
  if (error.status === 429 || error.status === 503) return 'Nothing was accepted; try again in a moment.';
  return null;
}

const INFRASTRUCTURE_STEPS: Readonly<Record<string, string>> = {
  DATA_DIRECTORY_LOCKED: 'Another process uses this data directory: stop it, or choose another with --data-dir.',
  IDENTITY_FILE_UNUSABLE:
    'Who may sign in is kept in the data directory, in files of mode 600; see docs/how-to/sign-in.md.',
  DATA_DIRECTORY_UNUSABLE: 'Choose a directory you may write to with --data-dir.',
  JOURNAL_VERSION_UNSUPPORTED:
    'Start on another directory with --data-dir, or go on with the version that wrote this one.',
  JOURNAL_DAMAGED: 'Nothing was changed. Keep a copy of the directory; `oms verify` says what is damaged.',
  JOURNAL_WRITE_FAILED: 'Check the disk and its free space, then start again: nothing acknowledged is lost.',
  TAPE_MALFORMED: 'Check the file given with --market-data replay:FILE.',
};

/** Errors of the operating system that a person can do something about. */
function systemErrorOf(error: unknown): CommandError | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  switch (error.code) {
    case 'EADDRINUSE':
      return new CommandError(
        'EADDRINUSE',
        'The port is in use.',
        'Stop what uses it, or choose another with --port N.',
      );
    case 'EACCES':
    case 'EPERM':
    case 'ENOENT':
    case 'ENOSPC':
    case 'EROFS':
      return new CommandError(String(error.code), error.message);
    default:
      return null;
  }
}
