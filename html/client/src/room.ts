import { OtterError } from './errors.js';
import { LocalMedia } from './local-media.js';
import { shareScreen } from './media/screen.js';
import { Monitor } from './monitor.js';
import { checkChat } from './peer/control.js';
import type { PeerHost } from './peer/host.js';
import type { RemotePeer } from './peer/remote-peer.js';
import type { PeerSignal } from './peer/signals.js';
import { Planner } from './plan/planner.js';
import { Roster } from './roster.js';
import type { Ending } from './signaling/phases.js';
import type { Continuity } from './signaling/session.js';
import type { Signaling } from './signaling/signaling.js';
import type { ClientMessage, ServerMessage, Snapshot, Welcome } from './signaling/wire.js';
import type {
  ChatMessage,
  FileTransfer,
  Peer,
  PeerInfo,
  PeerStats,
  PlanReport,
  Publication,
  PublishOptions,
  Room,
  RoomEvents,
  RoomInfo,
  RoomPolicy,
  RoomState,
  ScreenShare,
  ScreenShareOptions,
} from './types.js';
import { Emitter, type Off } from './util/emitter.js';
import { onWindow } from './util/page.js';
import { randomId } from './util/random.js';

type Profile = Parameters<Room['update']>[0];

/** ICE servers younger than this are not asked for again before an ICE restart. */
const ICE_FRESH = 60_000;

/** How long an ICE restart waits for fresh ones. */
const ICE_PATIENCE = 3_000;

/** Joining anew disturbs everybody in the room a little. */
const REJOIN_EVERY = 60_000;

/** The room over its whole life. */
export class CallRoom implements Room {
  readonly #signaling: Signaling;
  readonly #rtc: Partial<RTCConfiguration>;
  readonly #events = new Emitter<RoomEvents>();
  readonly #roster: Roster;
  readonly #media = new LocalMedia({
    onChanged: () => this.#sync(),
    onEnded: (publication) => {
      this.#events.emit('publication-ended', publication);
    },
    onMuted: ({ id, muted, rev }) => {
      for (const peer of this.#roster.peers.values()) {
        peer.send({ type: 'mute', id, muted, rev });
      }
    },
  });
  readonly #planner = new Planner({
    peers: () => this.#roster.peers.values(),
    publications: this.#media.publications,
    onReport: (report) => {
      this.#events.emit('plan', report);
    },
  });
  readonly #monitor = new Monitor(() => this.#look());
  readonly #offs: readonly Off[];
  #self: PeerInfo;
  #info: RoomInfo;
  #state: RoomState = 'connected';
  #iceServers: readonly RTCIceServer[];
  /** When they came, and the request for newer ones while there is one. */
  #iceAt = Date.now();
  #iceFresh: Promise<void> | null = null;
  #rejoinedAt = -Infinity;
  readonly #waiting = new Map<string, PeerInfo>();
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

  get plan(): PlanReport {
    return this.#planner.report;
  }

  get waiting(): ReadonlyMap<string, PeerInfo> {
    return this.#waiting;
  }

  on<E extends keyof RoomEvents>(event: E, handler: (arg: RoomEvents[E]) => void): Off {
    return this.#events.on(event, handler);
  }

  publish(track: MediaStreamTrack, { source }: PublishOptions): Publication {
    this.#mustBeOpen();
    return this.#media.publish(track, source);
  }

  async shareScreen(options: ScreenShareOptions = {}): Promise<ScreenShare> {
    this.#mustBeOpen();
    this.#media.mustBeFree('screen');
    return shareScreen(options, (track, source) => this.publish(track, { source }));
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

  admit(peer: string): void {
    this.#moderate({ type: 'admit', peer });
  }

  deny(peer: string): void {
    this.#moderate({ type: 'deny', peer });
  }

  kick(peer: string): void {
    this.#moderate({ type: 'kick', peer });
  }

  setPolicy({ locked, lobby, maxPeers }: RoomPolicy): void {
    this.#moderate({
      type: 'room',
      ...(locked === undefined ? {} : { locked }),
      ...(lobby === undefined ? {} : { lobby }),
      ...(maxPeers === undefined ? {} : { max_peers: maxPeers }),
    });
  }

  leave(): Promise<void> {
    this.#signaling.leave();
    this.#roster.close();
    return this.#end;
  }

  /** A socket is there again. */
  welcomed(welcome: Welcome, continuity: Continuity): void {
    this.#setIceServers(welcome.iceServers);
    this.#take(welcome);
    this.#configure();
    this.#enter('connected');
    if (continuity === 'rejoined') {
      this.#emptyLobby();
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
    this.#monitor.stop();
    this.#planner.stop();
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
        this.#waitsNoMore(message.peer.id);
        this.#roster.joined(message.peer, false);
        break;
      case 'knock':
        this.#knock(message.peer);
        break;
      case 'peer-updated':
        if (message.peer.id === this.#self.id) {
          this.#setSelf(message.peer);
        } else {
          this.#roster.updated(message.peer);
        }
        break;
      case 'peer-left':
        this.#waitsNoMore(message.peer);
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
        this.#setIceServers(message.iceServers);
        this.#configure();
        break;
      case 'resync':
        // Knocks follow for those who still wait.
        this.#emptyLobby();
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

  #knock(peer: PeerInfo): void {
    const known = this.#waiting.has(peer.id);
    this.#waiting.set(peer.id, peer);
    if (!known) {
      this.#events.emit('knock', peer);
      this.#events.emit('waiting', this.#waiting);
    }
  }

  #waitsNoMore(id: string): void {
    if (this.#waiting.delete(id)) {
      this.#events.emit('waiting', this.#waiting);
    }
  }

  #emptyLobby(): void {
    if (this.#waiting.size > 0) {
      this.#waiting.clear();
      this.#events.emit('waiting', this.#waiting);
    }
  }

  #moderate(message: ClientMessage): void {
    this.#mustBeOpen();
    this.#signaling.send(message);
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
      const hidden = this.#info.relay_only;
      this.#info = info;
      this.#configure();
      if (info.relay_only && !hidden) {
        // Pairs that do not go over a relay are left with the next gathering.
        for (const peer of this.#roster.peers.values()) {
          peer.restartIce();
        }
      }
      this.#events.emit('room-updated', info);
    }
  }

  #setIceServers(iceServers: readonly RTCIceServer[]): void {
    this.#iceServers = iceServers;
    this.#iceAt = Date.now();
  }

  /** Asks for fresh credentials unless they are fresh; one request for all who ask. */
  #refreshIce(): Promise<void> {
    if (Date.now() - this.#iceAt < ICE_FRESH || !this.#signaling.live) {
      return Promise.resolve();
    }
    this.#iceFresh ??= this.#askForIce().finally(() => {
      this.#iceFresh = null;
    });
    return this.#iceFresh;
  }

  async #askForIce(): Promise<void> {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      abort.abort();
    }, ICE_PATIENCE);
    try {
      const servers = await this.#signaling.iceServers(abort.signal);
      if (servers.length > 0) {
        this.#setIceServers(servers);
        this.#configure();
      }
    } catch {
      // The ones at hand are tried: they may be good still, or not be needed.
    } finally {
      clearTimeout(timer);
    }
  }

  /** Joins anew where nothing else has helped some peer; whether it does. */
  #rejoin(): boolean {
    if (Date.now() - this.#rejoinedAt < REJOIN_EVERY) {
      return false;
    }
    this.#rejoinedAt = Date.now();
    this.#signaling.rejoin();
    return true;
  }

  #configuration(): RTCConfiguration {
    return {
      iceServers: [...this.#iceServers],
      bundlePolicy: 'max-bundle',
      ...this.#rtc,
      // The room's word is the last one: it is about the addresses of all.
      ...(this.#info.relay_only ? { iceTransportPolicy: 'relay' } : {}),
    };
  }

  #configure(): void {
    for (const peer of this.#roster.peers.values()) {
      peer.configure(this.#configuration());
    }
  }

  /** Reads every connection. */
  async #look(): Promise<void> {
    const readings = new Map<RemotePeer, PeerStats>();
    for (const peer of this.#roster.peers.values()) {
      const stats = await peer.look();
      if (stats) {
        readings.set(peer, stats);
      }
    }
    this.#planner.read(readings);
  }

  async #sync(): Promise<void> {
    this.#planner.changed();
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
        if (event === 'peer-joined' || event === 'peer-left') {
          this.#planner.changed();
        }
      },
      refreshIce: () => this.#refreshIce(),
      rejoin: () => this.#rejoin(),
      onWish: () => {
        this.#planner.changed();
      },
      onConnection: (peer) => {
        this.#roster.onConnection(peer);
      },
    };
  }
}
