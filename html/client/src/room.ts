import { OtterError } from './errors.js';
import { LocalMedia } from './local-media.js';
import { checkChat } from './peer/control.js';
import type { PeerHost } from './peer/host.js';
import type { PeerSignal } from './peer/signals.js';
import { Roster } from './roster.js';
import type { Ending } from './signaling/phases.js';
import type { Continuity } from './signaling/session.js';
import type { Signaling } from './signaling/signaling.js';
import type { ServerMessage, Snapshot, Welcome } from './signaling/wire.js';
import type {
  ChatMessage,
  FileTransfer,
  Peer,
  PeerInfo,
  Publication,
  PublishOptions,
  Room,
  RoomEvents,
  RoomInfo,
  RoomState,
} from './types.js';
import { Emitter, type Off } from './util/emitter.js';
import { onWindow } from './util/page.js';
import { randomId } from './util/random.js';

type Profile = Parameters<Room['update']>[0];

/** The room over its whole life. */
export class CallRoom implements Room {
  readonly #signaling: Signaling;
  readonly #rtc: Partial<RTCConfiguration>;
  readonly #events = new Emitter<RoomEvents>();
  readonly #roster: Roster;
  readonly #media = new LocalMedia({
    onChanged: () => this.#sync(),
    onMuted: ({ id, muted, rev }) => {
      for (const peer of this.#roster.peers.values()) {
        peer.send({ type: 'mute', id, muted, rev });
      }
    },
  });
  readonly #offs: readonly Off[];
  #self: PeerInfo;
  #info: RoomInfo;
  #state: RoomState = 'connected';
  #iceServers: readonly RTCIceServer[];
  /** What `update` has set, which a new session does not know. */
  #profile: Profile = {};
  #ended: () => void = () => undefined;
  readonly #end = new Promise<void>((resolve) => {
    this.#ended = resolve;
  });

  constructor(signaling: Signaling, welcome: Welcome, rtc: Partial<RTCConfiguration>) {
    this.#signaling = signaling;
    this.#rtc = rtc;
    this.#self = welcome.self;
    this.#info = welcome.room;
    this.#iceServers = welcome.iceServers;
    this.#roster = new Roster(this.#peerHost());
    for (const info of welcome.peers) {
      this.#roster.joined(info, true);
    }
    this.#offs = [
      onWindow('online', () => {
        // Connections notice after seconds what the browser knows at once.
        for (const peer of this.#roster.peers.values()) {
          peer.restartIce();
        }
      }),
      onWindow('pagehide', () => {
        void this.leave();
      }),
    ];
  }

  get self(): PeerInfo {
    return this.#self;
  }

  get info(): RoomInfo {
    return this.#info;
  }

  get state(): RoomState {
    return this.#state;
  }

  get peers(): ReadonlyMap<string, Peer> {
    return this.#roster.peers;
  }

  get publications(): ReadonlySet<Publication> {
    return this.#media.publications;
  }

  on<E extends keyof RoomEvents>(event: E, handler: (arg: RoomEvents[E]) => void): Off {
    return this.#events.on(event, handler);
  }

  publish(track: MediaStreamTrack, { source }: PublishOptions): Publication {
    this.#mustBeOpen();
    return this.#media.publish(track, source);
  }

  sendChat(text: string): ChatMessage {
    this.#mustBeOpen();
    checkChat(text);
    const { id: from, name } = this.#self;
    const message: ChatMessage = { id: randomId(), from, name, text, at: Date.now() };
    for (const peer of this.#roster.peers.values()) {
      peer.send({ type: 'chat', id: message.id, text });
    }
    return message;
  }

  sendFile(file: File, to?: readonly string[]): readonly FileTransfer[] {
    this.#mustBeOpen();
    const peers = [...this.#roster.peers.values()];
    return peers
      .filter(({ info }) => to === undefined || to.includes(info.id))
      .map((peer) => peer.offer(file));
  }

  sendMessage(data: unknown): void {
    this.#mustBeOpen();
    // What JSON cannot carry is left out of an object, and the server takes no message without data.
    this.#signaling.send({ type: 'message', data: data ?? null });
  }

  update(changes: Profile): void {
    this.#mustBeOpen();
    this.#profile = { ...this.#profile, ...changes };
    this.#signaling.send({ type: 'update', ...changes });
  }

  leave(): Promise<void> {
    this.#signaling.leave();
    this.#roster.close();
    return this.#end;
  }

  /** A socket is there again. */
  welcomed(welcome: Welcome, continuity: Continuity): void {
    this.#iceServers = welcome.iceServers;
    this.#take(welcome);
    this.#configure();
    this.#enter('connected');
    if (continuity === 'rejoined') {
      this.#roster.reconcile(welcome.peers);
      if (Object.keys(this.#profile).length > 0) {
        this.#signaling.send({ type: 'update', ...this.#profile });
      }
    } else if (continuity === 'lossy') {
      for (const peer of this.#roster.peers.values()) {
        peer.hello();
      }
    }
    for (const peer of this.#roster.peers.values()) {
      peer.hasten();
    }
  }

  /** The socket is gone; media goes on. */
  down(): void {
    this.#enter('reconnecting');
  }

  closed({ reason, closeCode, error }: Ending): void {
    for (const off of this.#offs) {
      off();
    }
    this.#roster.close();
    this.#enter('closed');
    if (error) {
      this.#events.emit('error', error);
    }
    this.#events.emit('closed', { reason, closeCode });
    this.#events.clear();
    this.#ended();
  }

  message(message: ServerMessage): void {
    switch (message.type) {
      case 'peer-joined':
        this.#roster.joined(message.peer, false);
        break;
      case 'peer-updated':
        if (message.peer.id === this.#self.id) {
          this.#setSelf(message.peer);
        } else {
          this.#roster.updated(message.peer);
        }
        break;
      case 'peer-left':
        this.#roster.left(message.peer, message.reason);
        break;
      case 'peer-away':
      case 'peer-back':
        this.#roster.setAway(message.peer, message.type === 'peer-away');
        break;
      case 'signal':
        this.#roster.signal(message.from, message.data);
        break;
      case 'message':
        this.#events.emit('message', { from: message.from, data: message.data });
        break;
      case 'room-updated':
        this.#setInfo(message.room);
        break;
      case 'ice-servers':
        this.#iceServers = message.iceServers;
        this.#configure();
        break;
      case 'resync':
        this.#take(message);
        this.#roster.reconcile(message.peers);
        break;
      case 'error':
        // A signal to a peer that has just left; its `peer-left` is on the way.
        if (message.code !== 'no-such-peer') {
          this.#events.emit('error', new OtterError(message.code, message.detail));
        }
        break;
      default:
    }
  }

  #mustBeOpen(): void {
    if (this.#state === 'closed') {
      throw new OtterError('closed', 'The room has been left.');
    }
  }

  #enter(state: RoomState): void {
    if (state !== this.#state && this.#state !== 'closed') {
      this.#state = state;
      this.#events.emit('state', state);
    }
  }

  #take({ self, room }: Snapshot): void {
    this.#setSelf(self);
    this.#setInfo(room);
  }

  #setSelf(self: PeerInfo): void {
    if (JSON.stringify(self) !== JSON.stringify(this.#self)) {
      this.#self = self;
      this.#events.emit('self-updated', self);
    }
  }

  #setInfo(info: RoomInfo): void {
    if (JSON.stringify(info) !== JSON.stringify(this.#info)) {
      this.#info = info;
      // `relay_only` may be what has changed.
      this.#configure();
      this.#events.emit('room-updated', info);
    }
  }

  #configuration(): RTCConfiguration {
    return {
      iceServers: [...this.#iceServers],
      iceTransportPolicy: this.#info.relay_only ? 'relay' : 'all',
      bundlePolicy: 'max-bundle',
      ...this.#rtc,
    };
  }

  #configure(): void {
    for (const peer of this.#roster.peers.values()) {
      peer.configure(this.#configuration());
    }
  }

  async #sync(): Promise<void> {
    await Promise.all([...this.#roster.peers.values()].map((peer) => peer.sync()));
  }

  #peerHost(): PeerHost {
    return {
      selfId: () => this.#self.id,
      signaling: () => this.#signaling.live,
      configuration: () => this.#configuration(),
      publications: this.#media.publications,
      signal: (to: string, data: PeerSignal) => {
        this.#signaling.send({ type: 'signal', to, data });
      },
      emit: (event, arg) => {
        this.#events.emit(event, arg);
      },
      onConnection: (peer) => {
        this.#roster.onConnection(peer);
      },
    };
  }
}
