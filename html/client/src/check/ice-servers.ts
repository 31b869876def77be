import { OtterError } from '../errors.js';
import { problemOf, sessionUrl } from '../signaling/session-check.js';
import { parseIceServers } from '../signaling/wire.js';
import { isObject } from '../util/guards.js';

/**
 * Asks the server for the ICE servers of a token (`GET ice-servers`), with fresh credentials. In a
 * room this is not needed: the server sends them on its own.
 *
 * Rejects with `OtterError`: the server's own code, or `unreachable`.
 */
export async function fetchIceServers(options: {
  /** The address of signaling, `ws(s)://host/otter/ws`. */
  readonly url: string;
  readonly token: string;
  readonly signal?: AbortSignal;
}): Promise<readonly RTCIceServer[]> {
  const { url, token, signal } = options;
  let response: Response;
  try {
    response = await fetch(sessionUrl(url).replace(/session$/, 'ice-servers'), {
      headers: { Authorization: `Bearer ${token}` },
      cache: 'no-store',
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    const code = signal?.aborted ? 'aborted' : 'unreachable';
    throw new OtterError(code, 'The server cannot be reached.', { cause });
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  const body: unknown = await response.json().catch(() => undefined);
  return isObject(body) ? parseIceServers(body.ice_servers) : [];
}
