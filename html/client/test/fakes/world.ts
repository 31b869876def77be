import { vi } from 'vitest';
import { connect } from '../../src/connect.js';
import type { ConnectOptions, Peer, Room, RoomEvents } from '../../src/types.js';
import { installMedia } from './media.js';
import { FakePage, installFetch } from './page.js';
import type { FakePeerConnection } from './rtc.js';
import { installRtc } from './rtc.js';
import { FakeServer } from './server.js';
import { installWebSocket } from './websocket.js';

const EVENTS: readonly (keyof RoomEvents)[] = [
  'state',
  'peer-joined',
  'peer-left',
  'peer-updated',
  'self-updated',
  'peer-connection',
  'peer-quality',
  'peer-stats',
  'publication-ended',
  'track-added',
  'track-removed',
  'track-muted',
  'track-paused',
  'track-frozen',
  'peer-recovery',
  'plan',
  'chat',
  'file',
  'room-updated',
  'knock',
  'waiting',
  'message',
  'closed',
  'error',
];

export interface Member {
  readonly room: Room;
  /** Names of the events so far. */
  readonly events: string[];
  /** What the events of one name carried. */
  readonly all: <E extends keyof RoomEvents>(event: E) => RoomEvents[E][];
}

/** A browser, a server and a network, all fake, under a fake clock. */
export class World {
  readonly page: FakePage;
  readonly server = new FakeServer();

  constructor() {
    // Not setImmediate: by it tests wait for what no fake clock moves.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    this.page = new FakePage();
    installWebSocket(this.server);
    installFetch(() => (this.server.down ? new TypeError('failed') : new Response('{}')));
    installMedia();
    installRtc();
  }

  async join(identity: string, options: Partial<ConnectOptions> = {}): Promise<Member> {
    const joining = connect({ url: 'ws://host/otter/ws', token: identity, ...options });
    joining.catch(() => undefined);
    await this.run(20);
    const room = await joining;
    const events: string[] = [];
    const carried: { event: string; arg: unknown }[] = [];
    for (const event of EVENTS) {
      room.on(event, (arg) => {
        events.push(event);
        carried.push({ event, arg });
      });
    }
    const all = <E extends keyof RoomEvents>(event: E): RoomEvents[E][] =>
      carried.filter((entry) => entry.event === event).map(({ arg }) => arg as RoomEvents[E]);
    return { room, events, all };
  }

  /** Two members whose connection is up. `ids` decides who is impolite: the smaller one. */
  async pair(ids: [string, string] = ['a', 'b']): Promise<[Member, Member]> {
    this.server.ids = ids;
    const first = await this.join('ann');
    const second = await this.join('bob');
    await this.run(2_000);
    return [first, second];
  }

  async run(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  end(): void {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  }
}

/** The one peer of a member. */
export function peerOf({ room }: Member): Peer {
  const [peer] = room.peers.values();
  if (!peer) {
    throw new Error('there is no peer');
  }
  return peer;
}

export function fakePc(member: Member): FakePeerConnection {
  return peerOf(member).pc as unknown as FakePeerConnection;
}

/** The sources that a member gets from its peer, sorted. */
export function sources(member: Member): readonly string[] {
  return [...peerOf(member).tracks.keys()].sort();
}
