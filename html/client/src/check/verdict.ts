/**
 * What one check of the network or of a device found. `code` is stable and meant for a table of
 * words; `passed` always comes with the code `ok`.
 *
 * - `passed`: it works.
 * - `limited`: it works, but something about it will be noticed in a call.
 * - `failed`: it does not.
 * - `skipped`: there was nothing to try, for example no TURN server with that transport.
 */
export interface Verdict<Code extends string, Facts extends object = object> {
  readonly verdict: 'passed' | 'limited' | 'failed' | 'skipped';
  readonly code: Code | 'ok';
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** What was measured or what the browser said: for a report, not for a headline. */
  readonly facts: Partial<Facts> & { readonly detail?: string };
}

/** What every check takes. */
export interface CheckOptions {
  /** Ends the check early; it rejects with `OtterError` `aborted`. */
  readonly signal?: AbortSignal;
  /** Milliseconds until a check that hears nothing gives up. */
  readonly timeout?: number;
}

/** How a check came out, before the clock is read. */
export type Finding<Code extends string, Facts extends object> = Omit<Verdict<Code, Facts>, 'ms'>;
