import { sessionUrl, checkSession } from '../signaling/session-check.js';
import { BEARER, SUBPROTOCOL } from '../signaling/socket.js';
import { runCheck, type Attempt } from './run.js';
import type { CheckOptions, Finding, Verdict } from './verdict.js';

export type SocketCode =
  /** Not even HTTP gets through: no network, a wrong name, a firewall. */
  | 'unreachable'
  /** The server does not take the token: `facts.detail` says why. */
  | 'refused'
  /** HTTP gets through and WebSockets do not: a proxy or a virus scanner in between. */
  | 'blocked'
  /** WebSockets open, but messages do not come back. */
  | 'mute'
  /** The server has no `otter_echo on`: nothing can be measured without joining a room. */
  | 'no-echo'
  | 'timeout';

export interface SocketFacts {
  /** Median of the times that a message took there and back, in milliseconds. */
  readonly rtt: number;
  /** How long the handshake took, in milliseconds. */
  readonly opened: number;
}

export interface SocketCheckOptions extends CheckOptions {
  /** The address of signaling, `ws(s)://host/otter/ws`: the diagnostic socket lies beside it. */
  readonly url: string;
  /** A join token. */
  readonly token: string;
}

const PINGS = 5;

/**
 * Opens the diagnostic socket (`GET echo`) and sends a few messages there and back, without joining
 * a room.
 */
export function checkSocket(
  options: SocketCheckOptions,
): Promise<Verdict<SocketCode, SocketFacts>> {
  const { url, token } = options;
  return runCheck<SocketCode, SocketFacts>(options, timedOut, async (attempt) => {
    const session = await checkSession(url, token);
    if (session.kind !== 'fine') {
      const code = session.kind === 'unreachable' ? 'unreachable' : 'refused';
      return { verdict: 'failed', code, facts: { detail: session.error.message } };
    }
    const began = Date.now();
    const socket = await dial(echoUrl(url), token, attempt);
    if (!socket) {
      return (await hasEcho(url, token))
        ? { verdict: 'failed', code: 'blocked', facts: {} }
        : { verdict: 'skipped', code: 'no-echo', facts: {} };
    }
    const opened = Date.now() - began;
    const rtt = await measure(socket);
    return rtt === undefined
      ? { verdict: 'failed', code: 'mute', facts: { opened } }
      : { verdict: 'passed', code: 'ok', facts: { opened, rtt } };
  });
}

const timedOut = (): Finding<SocketCode, SocketFacts> => ({
  verdict: 'failed',
  code: 'timeout',
  facts: {},
});

function echoUrl(url: string): string {
  const echo = new URL(url);
  echo.pathname = echo.pathname.replace(/[^/]*$/, 'echo');
  return echo.href;
}

function dial(url: string, token: string, attempt: Attempt): Promise<WebSocket | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, [SUBPROTOCOL, BEARER + token]);
    attempt.defer(() => {
      socket.close();
    });
    socket.onopen = () => {
      resolve(socket);
    };
    socket.onclose = () => {
      resolve(undefined);
    };
  });
}

/** A plain request is told 426 or the like where there is an echo, and 404 where there is none. */
async function hasEcho(url: string, token: string): Promise<boolean> {
  const address = sessionUrl(url).replace(/session$/, 'echo');
  try {
    const headers = { Authorization: `Bearer ${token}` };
    return (await fetch(address, { headers, cache: 'no-store' })).status !== 404;
  } catch {
    // The session was answered a moment ago, so something in between is choosy.
    return true;
  }
}

/** The median, or undefined when the socket closes first. */
async function measure(socket: WebSocket): Promise<number | undefined> {
  const times: number[] = [];
  for (let i = 0; i < PINGS; i++) {
    const text = `otter-check-${i}`;
    const began = performance.now();
    const came = await new Promise<boolean>((resolve) => {
      socket.onmessage = ({ data }: MessageEvent<unknown>) => {
        resolve(data === text);
      };
      socket.onclose = () => {
        resolve(false);
      };
      socket.send(text);
    });
    if (!came) {
      return undefined;
    }
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return Math.round((times[PINGS >> 1] ?? 0) * 10) / 10;
}
