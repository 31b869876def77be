import { remedyFor, type OtterCode, type Remedy } from './remedies.js';

/** What `OtterError` carries besides its text. */
export interface OtterErrorDetails {
  readonly status?: number | undefined;
  readonly closeCode?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Every failure that the library reports.
 *
 * `code` is stable: either a `code` of the server's problem+json (RFC 9457) or of its `error`
 * message, or one of the library's own. `remedy` says what can be done about it; the words for both
 * are the page's. `message` is for a log.
 */
export class OtterError extends Error {
  readonly code: OtterCode;
  /** Of the HTTP answer that it came from. */
  declare readonly status?: number;
  /** Of the WebSocket. */
  declare readonly closeCode?: number;

  constructor(code: OtterCode, message: string, details: OtterErrorDetails = {}) {
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

  /** What a page can do about it. */
  get remedy(): Remedy {
    return remedyFor(this.code, this.status);
  }
}

/** Wraps whatever was thrown, so that callers see one kind of error only. */
export function toOtterError(error: unknown, code: OtterCode): OtterError {
  if (error instanceof OtterError) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  return new OtterError(code, message, { cause: error });
}
