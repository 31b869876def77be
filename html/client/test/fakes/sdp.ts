/** The little of SDP that the fake connection speaks. */

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface Section {
  readonly kind: 'data' | 'audio' | 'video';
  readonly mid: string;
  readonly direction: Direction;
}

export interface Sdp {
  readonly origin: string;
  readonly ufrag: string;
  readonly sections: readonly Section[];
}

export function writeSdp({ origin, ufrag, sections }: Sdp): string {
  const media = sections.map(({ kind, mid, direction }) => `m=${kind} ${mid} ${direction}\r\n`);
  return `o=${origin}\r\na=ice-ufrag:${ufrag}\r\n${media.join('')}`;
}

export function readSdp(text: string): Sdp {
  const origin = /^o=(\S+)/m.exec(text)?.[1];
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(text)?.[1];
  if (origin === undefined || ufrag === undefined) {
    throw new DOMException('bad SDP', 'OperationError');
  }
  const sections = [...text.matchAll(/^m=(data|audio|video) (\S+) (\w+)/gm)].map(
    ([, kind, mid, direction]) => ({ kind, mid, direction }) as Section,
  );
  return { origin, ufrag, sections };
}

const bits = (direction: Direction): [send: boolean, receive: boolean] => [
  direction === 'sendrecv' || direction === 'sendonly',
  direction === 'sendrecv' || direction === 'recvonly',
];

export function toDirection(send: boolean, receive: boolean): Direction {
  if (send) {
    return receive ? 'sendrecv' : 'sendonly';
  }
  return receive ? 'recvonly' : 'inactive';
}

/** The same direction as seen from the other side. */
export function reversed(direction: Direction): Direction {
  const [send, receive] = bits(direction);
  return toDirection(receive, send);
}

/** What both sides want. */
export function intersection(a: Direction, b: Direction): Direction {
  const [sendA, receiveA] = bits(a);
  const [sendB, receiveB] = bits(b);
  return toDirection(sendA && sendB, receiveA && receiveB);
}

export function withSend(direction: Direction, send: boolean): Direction {
  return toDirection(send, bits(direction)[1]);
}
