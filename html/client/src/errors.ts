/** What `OtterError` carries besides its text. */
export interface OtterErrorDetails {
  readonly status?: number | undefined;
  readonly closeCode?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Every failure that the library reports.
 *
 * `code` is stable: either a `code` of the server's problem+json or of its `error` message, or one
 * of the library's own (`aborted`, `unreachable`, `closed`, `invalid-argument`, `cancelled`,
 * `declined`, `connection-lost`, `hash-mismatch`, `too-long`, `truncated`, `sink-failed`, …).
 */
export class OtterError extends Error {
  readonly code: string;
  /** Of the HTTP answer that it came from. */
  declare readonly status?: number;
  /** Of the WebSocket. */
  declare readonly closeCode?: number;

  constructor(code: string, message: string, details: OtterErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'OtterError';
    this.code = code;
    if (details.status !== undefined) {
      this.status = details.status;
    }
    if (details.closeCode !== undefined) {
      this.closeCode = details.closeCode;
    }
  }
}

/** Wraps whatever was thrown, so that callers see one kind of error only. */
export function toOtterError(error: unknown, code: string): OtterError {
  if (error instanceof OtterError) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  return new OtterError(code, message, { cause: error });
}
