import { runCheck, type Attempt } from './run.js';
import type { CheckOptions, Finding, Verdict } from './verdict.js';

export type StunCode =
  /** No STUN server is configured. */
  | 'no-server'
  /** None answers: UDP is blocked, or the server is down. */
  | 'no-answer';

export interface StunFacts {
  /** This side's address as the server sees it. */
  readonly address: string;
  /** Whether a NAT has translated it. */
  readonly translated: boolean;
}

/** How a TURN server is reached: RFC 7065's `turn` over UDP or TCP, or `turns` over TLS. */
export type TurnTransport = 'udp' | 'tcp' | 'tls';

export type TurnCode =
  /** No TURN server with this transport is configured. */
  | 'no-server'
  /** No server answers over this transport: a firewall, or the server is down. */
  | 'unreachable'
  /** The server answers and takes the credentials not (any more). */
  | 'unauthorized'
  /** The server answers and gives no relay, for example because a quota is used up. */
  | 'refused'
  /** There is a relay and nothing comes through it. */
  | 'mute';

export interface TurnFacts {
  /** The relay's address and port. */
  readonly relay: string;
  /** Time that a message took from relay to relay and back, in milliseconds. */
  readonly rtt: number;
  /** Of the last error response (RFC 8489, section 14.8), or 701: no answer. */
  readonly errorCode: number;
}

export interface IceCheckOptions extends CheckOptions {
  /** As in `RTCConfiguration`: those of the room, from `fetchIceServers`. */
  readonly iceServers: readonly RTCIceServer[];
}

interface Gathered {
  readonly candidates: readonly RTCIceCandidate[];
  readonly errors: readonly RTCPeerConnectionIceErrorEvent[];
}

/** Asks the STUN servers (RFC 8489) for this side's address: works where UDP to the outside does. */
export function checkStun(options: IceCheckOptions): Promise<Verdict<StunCode, StunFacts>> {
  return runCheck<StunCode, StunFacts>(
    options,
    () => ({ verdict: 'failed', code: 'no-answer', facts: {} }),
    async (attempt) => {
      const iceServers = pick(options.iceServers, (url) => url.startsWith('stun:'));
      if (iceServers.length === 0) {
        return { verdict: 'skipped', code: 'no-server', facts: {} };
      }
      const pc = open({ iceServers }, attempt);
      // Without a section of some kind there is nothing to gather for.
      pc.createDataChannel('check');
      const { candidates, errors } = await gather(pc, ({ type }) => type === 'srflx');
      const mapped = candidates.find(({ type }) => type === 'srflx');
      if (mapped?.address) {
        return passed({ address: mapped.address, translated: true });
      }
      // An address that nothing has translated is no candidate of its own.
      const told = 'onicecandidateerror' in RTCPeerConnection.prototype;
      const own = candidates.find(({ type }) => type === 'host')?.address;
      return told && errors.length === 0 && own
        ? passed({ address: own, translated: false })
        : { verdict: 'failed', code: 'no-answer', facts: detailOf(errors) };
    },
  );
}

/**
 * Reserves two relays over this transport and sends a message from one to the other and back
 * (RFC 8656): what works here works between two peers who can meet in no other way.
 */
export function checkTurn(
  options: IceCheckOptions & { readonly transport: TurnTransport },
): Promise<Verdict<TurnCode, TurnFacts>> {
  let relay: RTCIceCandidate | undefined;
  const late = (): Finding<TurnCode, TurnFacts> =>
    relay
      ? { verdict: 'failed', code: 'mute', facts: { relay: addressOf(relay) } }
      : { verdict: 'failed', code: 'unreachable', facts: {} };
  return runCheck<TurnCode, TurnFacts>(options, late, async (attempt) => {
    const iceServers = pick(options.iceServers, (url) => transportOf(url) === options.transport);
    if (iceServers.length === 0) {
      return { verdict: 'skipped', code: 'no-server', facts: {} };
    }
    const configuration: RTCConfiguration = { iceServers, iceTransportPolicy: 'relay' };
    const near = open(configuration, attempt);
    const far = open(configuration, attempt);
    const channel = near.createDataChannel('check');
    const gathered = gather(near, ({ type }) => type === 'relay');
    introduce(near, far);
    const rtt = roundTrip(channel, far);
    const { candidates, errors } = await gathered;
    [relay] = candidates;
    if (!relay) {
      return { verdict: 'failed', code: turnCode(errors), facts: detailOf(errors) };
    }
    return passed({ relay: addressOf(relay), rtt: await rtt });
  });
}

/** The transport of a TURN URL (RFC 7065, section 3.1); undefined for other URLs. */
export function transportOf(url: string): TurnTransport | undefined {
  if (url.startsWith('turns:')) {
    // Browsers speak TLS over TCP alone.
    return url.endsWith('transport=udp') ? undefined : 'tls';
  }
  if (url.startsWith('turn:')) {
    return url.endsWith('transport=tcp') ? 'tcp' : 'udp';
  }
  return undefined;
}

function passed<Facts extends object>(facts: Facts): Finding<never, Facts> {
  return { verdict: 'passed', code: 'ok', facts };
}

/** The servers with those of their URLs that are wanted. */
function pick(servers: readonly RTCIceServer[], wanted: (url: string) => boolean): RTCIceServer[] {
  return servers
    .map((server) => ({ ...server, urls: [server.urls].flat().filter(wanted) }))
    .filter(({ urls }) => urls.length > 0);
}

function open(configuration: RTCConfiguration, attempt: Attempt): RTCPeerConnection {
  const pc = new RTCPeerConnection(configuration);
  attempt.defer(() => {
    pc.close();
  });
  return pc;
}

/** Gathers until the first candidate that suffices, or to the end. */
function gather(
  pc: RTCPeerConnection,
  suffices: (candidate: RTCIceCandidate) => boolean,
): Promise<Gathered> {
  const candidates: RTCIceCandidate[] = [];
  const errors: RTCPeerConnectionIceErrorEvent[] = [];
  return new Promise((resolve, reject) => {
    pc.addEventListener('icecandidateerror', (event) => {
      errors.push(event);
    });
    pc.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.candidate) {
        candidates.push(candidate);
      }
      if (candidate === null || (candidate.candidate && suffices(candidate))) {
        resolve({ candidates, errors });
      }
    });
    pc.setLocalDescription().catch(reject);
  });
}

/** Passes descriptions and candidates between two connections of this page. */
function introduce(near: RTCPeerConnection, far: RTCPeerConnection): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    const early: RTCIceCandidate[] = [];
    from.addEventListener('icecandidate', ({ candidate }) => {
      if (!candidate?.candidate) {
        return;
      }
      if (to.remoteDescription) {
        void to.addIceCandidate(candidate).catch(() => undefined);
      } else {
        early.push(candidate);
      }
    });
    to.addEventListener('signalingstatechange', () => {
      if (to.remoteDescription) {
        for (const candidate of early.splice(0)) {
          void to.addIceCandidate(candidate).catch(() => undefined);
        }
      }
    });
  }
  near.addEventListener('signalingstatechange', () => {
    if (near.signalingState === 'have-local-offer' && near.localDescription) {
      void answer(near, far, near.localDescription).catch(() => undefined);
    }
  });
}

async function answer(
  near: RTCPeerConnection,
  far: RTCPeerConnection,
  offer: RTCSessionDescription,
): Promise<void> {
  await far.setRemoteDescription(offer);
  await far.setLocalDescription();
  if (far.localDescription) {
    await near.setRemoteDescription(far.localDescription);
  }
}

/** Resolves with the time of one message there and back; never, when none comes through. */
function roundTrip(channel: RTCDataChannel, far: RTCPeerConnection): Promise<number> {
  far.addEventListener('datachannel', ({ channel: end }) => {
    end.onmessage = ({ data }: MessageEvent<string>) => {
      end.send(data);
    };
  });
  return new Promise((resolve) => {
    let began = 0;
    channel.onopen = () => {
      began = performance.now();
      channel.send('there and back');
    };
    channel.onmessage = () => {
      resolve(Math.round((performance.now() - began) * 10) / 10);
    };
  });
}

/** What an error of gathering means: RFC 8489 and RFC 8656 give the numbers, the W3C adds 701. */
function turnCode(errors: readonly RTCPeerConnectionIceErrorEvent[]): TurnCode {
  const codes = errors.map(({ errorCode }) => errorCode).filter((code) => code !== 701);
  if (codes.some((code) => code === 401 || code === 441)) {
    return 'unauthorized';
  }
  return codes.length > 0 ? 'refused' : 'unreachable';
}

function detailOf(errors: readonly RTCPeerConnectionIceErrorEvent[]): {
  readonly detail?: string;
  readonly errorCode?: number;
} {
  const error = errors.find(({ errorCode }) => errorCode !== 701) ?? errors[0];
  if (!error) {
    return {};
  }
  const { errorCode, errorText, url } = error;
  return { errorCode, detail: `${url} ${errorCode} ${errorText}`.trim() };
}

function addressOf({ address, port }: RTCIceCandidate): string {
  return `${address ?? ''}:${port ?? ''}`;
}
