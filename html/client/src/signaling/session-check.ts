import { OtterError } from '../errors.js';
import { isObject } from '../util/guards.js';

/**
 * Why a socket could not be opened, which a browser is not told.
 *
 * - `fine`: the server would take the token; whatever it was may be over.
 * - `busy`, `unreachable`: worth another attempt.
 * - `token`: the token is not taken (any more).
 * - `refused`: another attempt would meet the same.
 */
export interface Verdict {
  readonly kind: 'fine' | 'busy' | 'unreachable' | 'token' | 'refused';
  readonly error: OtterError;
}

/** What to do next: `rejoin` gives the session up, `renew` asks for a fresh token. */
export type NextStep = 'retry' | 'rejoin' | 'renew' | 'end';

const TIMEOUT = 8_000;

/** The address of `GET session` beside that of the socket. */
export function sessionUrl(socketUrl: string): string {
  const url = new URL(socketUrl);
  url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
  url.pathname = url.pathname.replace(/[^/]*$/, 'session');
  url.search = '';
  url.hash = '';
  return url.href;
}

/** Asks the server what a WebSocket handshake with this token meets. */
export async function checkSession(socketUrl: string, token: string): Promise<Verdict> {
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort();
  }, TIMEOUT);
  try {
    const response = await fetch(sessionUrl(socketUrl), {
      headers: { Authorization: `Bearer ${token}` },
      cache: 'no-store',
      signal: abort.signal,
    });
    if (!response.ok) {
      return await judge(response);
    }
    const error = new OtterError('unreachable', 'No WebSocket to the server can be opened.');
    return { kind: 'fine', error };
  } catch (cause) {
    const error = new OtterError('unreachable', 'The server cannot be reached.', { cause });
    return { kind: 'unreachable', error };
  } finally {
    clearTimeout(timer);
  }
}

/** The error that an answer of the API carries (RFC 9457). */
export async function problemOf(response: Response): Promise<OtterError> {
  const { status } = response;
  const problem: unknown = await response.json().catch(() => undefined);
  const code = isObject(problem) && typeof problem.code === 'string' ? problem.code : null;
  const detail = isObject(problem) ? (problem.detail ?? problem.title) : undefined;
  const text = typeof detail === 'string' ? detail : `The server answered ${status}.`;
  return new OtterError(code ?? `http-${status}`, text, { status });
}

async function judge(response: Response): Promise<Verdict> {
  const { status } = response;
  const error = await problemOf(response);
  if (status === 401) {
    return { kind: 'token', error };
  }
  // A gateway on the way answers 502 and 504 while the server itself is being restarted.
  return { kind: status === 429 || status >= 500 ? 'busy' : 'refused', error };
}

/** Follows from a verdict; `welcomed`: the server has taken this side before. */
export function nextStep(
  { kind, error }: Verdict,
  { welcomed, renewable }: { readonly welcomed: boolean; readonly renewable: boolean },
): NextStep {
  switch (kind) {
    case 'fine':
      // The token is good, so it was the resume secret that was not, if there was one.
      return 'rejoin';
    case 'busy':
    case 'unreachable':
      return 'retry';
    case 'token':
      return renewable ? 'renew' : 'end';
    case 'refused':
      // Others may have left a full room by the time of the next attempt.
      return welcomed && error.status === 409 ? 'rejoin' : 'end';
  }
}
