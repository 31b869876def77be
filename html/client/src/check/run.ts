import { OtterError } from '../errors.js';
import type { CheckOptions, Finding, Verdict } from './verdict.js';

const TIMEOUT = 10_000;

/** What a running check may use. `expired` says why it has to end now, if it has to. */
export interface Attempt {
  /** Milliseconds until it must be over. */
  readonly timeout: number;
  /** Fires when it is given up, whoever gave it up. */
  readonly over: AbortSignal;
  /** Registers what has to be closed at the end, however it ends. */
  defer(cleanup: () => void): void;
}

/**
 * Runs one check: measures it, ends it in time and closes whatever it opened. `late` is the finding
 * of a check that hears nothing until the time is up.
 */
export async function runCheck<Code extends string, Facts extends object>(
  options: CheckOptions,
  late: () => Finding<Code, Facts>,
  check: (attempt: Attempt) => Promise<Finding<Code, Facts>>,
): Promise<Verdict<Code, Facts>> {
  const { signal, timeout = TIMEOUT } = options;
  const began = Date.now();
  const over = new AbortController();
  const cleanups: (() => void)[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let aborted: (() => void) | undefined;
  try {
    const ended = new Promise<Finding<Code, Facts>>((resolve, reject) => {
      aborted = () => {
        reject(new OtterError('aborted', 'The check was given up.', { cause: signal?.reason }));
      };
      timer = setTimeout(() => {
        resolve(late());
      }, timeout);
    });
    // It may be over before anybody waits for it.
    ended.catch(() => undefined);
    if (signal?.aborted) {
      aborted?.();
      await ended;
    }
    signal?.addEventListener('abort', () => aborted?.(), { once: true, signal: over.signal });
    const running = check({
      timeout,
      over: over.signal,
      defer: (cleanup) => {
        if (over.signal.aborted) {
          cleanup();
        } else {
          cleanups.push(cleanup);
        }
      },
    });
    running.catch(() => undefined);
    const finding = await Promise.race([running, ended]);
    return { ...finding, ms: Date.now() - began };
  } finally {
    clearTimeout(timer);
    over.abort();
    for (const cleanup of cleanups) {
      cleanup();
    }
  }
}

/** A message for the report, from whatever was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
