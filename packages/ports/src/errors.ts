/** Infrastructure errors: what the outside world did to us. Business refusals are data (domain `Reason`), never these. */

/** Every code, and whether trying again may help. */
export const INFRASTRUCTURE_ERRORS = {
  JOURNAL_DAMAGED: { retryable: false },
  JOURNAL_VERSION_UNSUPPORTED: { retryable: false },
  JOURNAL_WRITE_FAILED: { retryable: false },
  JOURNAL_CLOSED: { retryable: false },
  JOURNAL_OUT_OF_ORDER: { retryable: false },
  JOURNAL_FENCED: { retryable: false },
  SNAPSHOT_DAMAGED: { retryable: false },
  SNAPSHOT_WRITE_FAILED: { retryable: true },
  DATA_DIRECTORY_LOCKED: { retryable: false },
  DATA_DIRECTORY_UNUSABLE: { retryable: false },
  CODEC_UNKNOWN_VERSION: { retryable: false },
  CODEC_MALFORMED: { retryable: false },
  READ_MODEL_UNAVAILABLE: { retryable: true },
  CURSOR_MALFORMED: { retryable: false },
  TAPE_MALFORMED: { retryable: false },
  KEYS_UNAVAILABLE: { retryable: true },
  IDENTITY_FILE_UNUSABLE: { retryable: false },
  CONFIGURATION_INVALID: { retryable: false },
} as const;
export type InfrastructureErrorCode = keyof typeof INFRASTRUCTURE_ERRORS;

export class InfrastructureError extends Error {
  readonly code: InfrastructureErrorCode;
  readonly retryable: boolean;

  constructor(code: InfrastructureErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'InfrastructureError';
    this.code = code;
    this.retryable = INFRASTRUCTURE_ERRORS[code].retryable;
  }
}
