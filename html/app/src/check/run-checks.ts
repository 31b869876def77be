import {
  checkCamera,
  checkMicrophone,
  checkSocket,
  checkStun,
  checkTurn,
  fetchIceServers,
  OtterError,
  type Verdict,
} from '@otter/client';
import type { AppConfig } from '../config.js';
import { guestToken, socketUrl } from '../flow/access.js';
import { newRoomName } from '../lib/room-name.js';
import { type Item, type Result, resultOf, SKIPPED } from './report.js';

export interface Checks {
  readonly config: AppConfig;
  /** The token of the link that led here, if it had one. */
  readonly token: string | null;
  readonly signal: AbortSignal;
  readonly found: (item: Item, result: Result) => void;
}

/** The token to check with: that of the link, else one of a guest for a room that nobody is in. */
async function tokenOf({ config, token }: Checks): Promise<string | null> {
  if (token !== null || !config.guests) {
    return token;
  }
  return guestToken(config, { room: `check-${newRoomName()}`, name: 'check', identity: null });
}

const UNREACHABLE: Result = { verdict: 'failed', code: 'unreachable', ms: 0, facts: {} };

async function checkNetwork(checks: Checks): Promise<void> {
  const { config, signal, found } = checks;
  const relays = ['udp', 'tcp', 'tls'] as const;
  const none = (result: Result): void => {
    for (const item of ['stun', ...relays] as const) {
      found(item, result);
    }
  };
  let token: string | null;
  try {
    token = await tokenOf(checks);
  } catch (error) {
    const refused = error instanceof OtterError && error.code !== 'unreachable';
    found('socket', refused ? { ...UNREACHABLE, code: 'refused' } : UNREACHABLE);
    none(SKIPPED);
    return;
  }
  if (token === null) {
    found('socket', SKIPPED);
    none(SKIPPED);
    return;
  }
  const url = socketUrl(window.location, config.prefix);
  found('socket', resultOf('socket', await checkSocket({ url, token, signal })));
  let iceServers: readonly RTCIceServer[];
  try {
    iceServers = await fetchIceServers({ url, token, signal });
  } catch {
    none(SKIPPED);
    return;
  }
  const tell = async (item: Item, checking: Promise<Verdict<string>>): Promise<void> => {
    found(item, resultOf(item, await checking));
  };
  await Promise.all([
    tell('stun', checkStun({ iceServers, signal })),
    ...relays.map((transport) => tell(transport, checkTurn({ iceServers, transport, signal }))),
  ]);
}

/** Checks everything, and tells each result as it comes. */
export async function runChecks(checks: Checks): Promise<void> {
  const { signal, found } = checks;
  found('camera', resultOf('camera', await checkCamera({ signal })));
  found('microphone', resultOf('microphone', await checkMicrophone({ signal })));
  await checkNetwork(checks);
}
