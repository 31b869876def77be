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
export type Verdict =
  | { readonly kind: 'fine' }
  | { readonly kind: 'busy' | 'unreachable' | 'token' | 'refused'; readonly error: OtterError };

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
    return response.ok ? { kind: 'fine' } : await judge(response);
  } catch (cause) {
    const error = new OtterError('unreachable', 'The server cannot be reached.', { cause });
    return { kind: 'unreachable', error };
  } finally {
    clearTimeout(timer);
  }
}

async function judge(response: Response): Promise<Verdict> {
  const { status } = response;
  const problem: unknown = await response.json().catch(() => undefined);
  const code = isObject(problem) && typeof problem.code === 'string' ? problem.code : null;
  const detail = isObject(problem) ? (problem.detail ?? problem.title) : undefined;
  const text = typeof detail === 'string' ? detail : `The server answered ${status}.`;
  const error = new OtterError(code ?? `http-${status}`, text, { status });
  if (status === 401) {
    return { kind: 'token', error };
  }
  // A gateway on the way answers 502 and 504 while the server itself is being restarted.
  return { kind: status === 429 || status >= 500 ? 'busy' : 'refused', error };
}
