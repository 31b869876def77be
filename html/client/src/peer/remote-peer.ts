import { OtterError, toOtterError } from '../errors.js';
import { Exchange } from '../files/exchange.js';
import type {
  FileTransfer,
  Peer,
  PeerConnectionState,
  PeerInfo,
  PeerQuality,
  PeerStats,
  RecoveryStep,
  RemoteTrack,
  TrackSource,
  TrackWish,
  VerificationCode,
} from '../types.js';
import type { Encoding, Wish } from '../plan/plan.js';
import { Wishes } from '../plan/wishes.js';
import type { Naming } from '../stats/digest.js';
import { Gauge } from '../stats/gauge.js';
import { Stillness } from '../stats/stillness.js';
import { arrivals, departures, Watchdog } from '../stats/watchdog.js';
import { compareBytes } from '../util/bytes.js';
import { Connection, type ConnectionHost } from './connection.js';
import { Control, type ControlMessage } from './control.js';
import { describeState, type PeerHost } from './host.js';
import { Recovery } from './recovery.js';
import { RemoteTracks } from './remote-tracks.js';
import { parseSignal, type PeerSignal } from './signals.js';
import { verificationCode } from './verification.js';

/**
 * How long a member leaves the first offer to a newcomer: both would make one at the same moment
 * otherwise, and one of the two would be thrown away.
 */
const HOLD = 1_500;

/** A peer that keeps sending what cannot be used must not keep this side busy. */
const REBUILD_EVERY = 10_000;

/** As many as a description may name tracks. */
const MAX_WISHES = 16;

/** Another member of the room, across all its connections. */
export class RemotePeer implements Peer {
  readonly #host: PeerHost;
  readonly #control: Control;
  readonly #exchange: Exchange;
  readonly #tracks: RemoteTracks;
  readonly #recovery: Recovery;
  readonly #naming: Naming = {
    inbound: (_, trackId) => this.#tracks.sourceOf(trackId),
    outbound: (mid) => this.#connection.sourceOf(mid),
  };
  readonly #gauge: Gauge;
  readonly #watchdog = new Watchdog();
  readonly #stillness = new Stillness();
  readonly #wishes = new Wishes((id, { height, paused }) => {
    this.send({ type: 'want', id, height: height ?? 0, paused });
  });
  readonly #wished = new Map<TrackSource, Wish>();
  #encodings: ReadonlyMap<string, Encoding> = new Map();
  /** Publications whose picture this peer does not get for now. */
  readonly #held = new Set<string>();
  #info: PeerInfo;
  #away = false;
  #connection: Connection;
  #state: PeerConnectionState = 'connecting';
  #wasConnected = false;
  #closed = false;
  #refusedAt = -Infinity;

  constructor(info: PeerInfo, host: PeerHost, options: { readonly initiate: boolean }) {
    this.#info = info;
    this.#host = host;
    this.#control = new Control((message) => {
      this.#message(message);
    });
    this.#tracks = new RemoteTracks({
      onAdded: (track) => {
        host.emit('track-added', { peer: this, track });
      },
      onRemoved: (track) => {
        host.emit('track-removed', { peer: this, track });
      },
      onMuted: (track) => {
        host.emit('track-muted', { peer: this, track });
      },
      onPaused: (track) => {
        host.emit('track-paused', { peer: this, track });
      },
      onFrozen: (track) => {
        host.emit('track-frozen', { peer: this, track });
      },
    });
    this.#recovery = new Recovery({
      polite: () => this.#polite(),
      reachable: () => this.#reachable(),
      restartIce: () => {
        void this.#restartFresh();
      },
      rebuild: this.#rebuild.bind(this),
      rejoin: () => host.rejoin(),
      onStep: () => {
        host.emit('peer-recovery', this);
      },
    });
    this.#gauge = new Gauge(this.#naming);
    this.#connection = this.#connect();
    this.#exchange = new Exchange({
      peerId: () => this.#info.id,
      pc: () => this.pc,
      send: (message) => {
        this.send(message);
      },
      onOffer: (transfer) => {
        host.emit('file', transfer);
      },
    });
    if (!options.initiate) {
      this.#connection.hold(HOLD);
    }
  }

  get info(): PeerInfo {
    return this.#info;
  }

  get away(): boolean {
    return this.#away;
  }

  get connection(): PeerConnectionState {
    return this.#state;
  }

  get recovery(): RecoveryStep {
    return this.#recovery.step;
  }

  get quality(): PeerQuality | null {
    return this.#gauge.quality;
  }

  get tracks(): ReadonlyMap<TrackSource, RemoteTrack> {
    return this.#tracks.bySource;
  }

  get pc(): RTCPeerConnection {
    return this.#connection.pc;
  }

  async stats(): Promise<PeerStats> {
    if (this.#closed) {
      throw new OtterError('closed', 'The peer has left.');
    }
    return this.#gauge.read(this.pc);
  }

  want(source: TrackSource, wish: TrackWish): void {
    if (!this.#closed) {
      this.#wishes.want(source, wish);
    }
  }

  /** What the peer can use of what this side sends. */
  get wished(): ReadonlyMap<TrackSource, Wish> {
    return this.#wished;
  }

  /** Sends like this from now on, by publication. */
  apply(encodings: ReadonlyMap<string, Encoding>): void {
    this.#encodings = encodings;
    this.#connection.apply(encodings);
    for (const { id, source } of this.#host.publications) {
      const active = encodings.get(id)?.active ?? true;
      const held = !active && this.#wished.get(source)?.paused !== true;
      if (held !== this.#held.has(id)) {
        this.#held[held ? 'add' : 'delete'](id);
        this.send({ type: 'held', id, held });
      }
    }
  }

  /** Reads the connection, as happens every few seconds; null while it does not work. */
  async look(): Promise<PeerStats | null> {
    const { pc } = this;
    if (pc.connectionState !== 'connected') {
      return null;
    }
    try {
      const stats = await this.#gauge.read(pc);
      if (this.#closed || pc !== this.pc) {
        return null;
      }
      this.#looked(stats);
      return stats;
    } catch {
      // It was closed meanwhile.
      return null;
    }
  }

  verificationCode(): VerificationCode | null {
    const { currentLocalDescription, currentRemoteDescription } = this.pc;
    return verificationCode(currentLocalDescription?.sdp, currentRemoteDescription?.sdp);
  }

  /** Takes another description of this peer, with a new `id` after it had to join anew. */
  update(info: PeerInfo, away: boolean): void {
    const changed = JSON.stringify(info) !== JSON.stringify(this.#info);
    if (changed || away !== this.#away) {
      this.#info = info;
      this.#away = away;
      this.#host.emit('peer-updated', this);
    }
  }

  setAway(away: boolean): void {
    this.update(this.#info, away);
  }

  /** Takes a signal of this peer. Nothing in it can make this throw. */
  receive(data: unknown): void {
    const signal = parseSignal(data);
    if (!signal || this.#closed) {
      return;
    }
    const stale = typeof signal.for === 'string' && signal.for !== this.#connection.name;
    if (stale && !signal.hello) {
      return;
    }
    const { peerName } = this.#connection;
    if (!stale && signal.pc !== undefined && peerName !== null && signal.pc !== peerName) {
      // The peer has built its connection anew, and this one is of no use any more.
      this.#rebuild();
    }
    if (signal.hello) {
      this.#heardHello(signal.hello);
    }
    this.#connection.receive(signal);
  }

  /** Whether a signal shows that its sender still has the other end of this connection. */
  knows(data: unknown): boolean {
    const signal = parseSignal(data);
    const { name, peerName } = this.#connection;
    return (
      signal?.pc !== undefined &&
      (signal.pc === peerName || (peerName === null && signal.for === name)) &&
      (signal.for === name || signal.for === null)
    );
  }

  /** Says that signals may have been lost, to the peer under this id. */
  hello(to = this.#info.id): void {
    this.#sayHello('ask', to);
  }

  /** Brings what is sent to this peer in line with what is published. */
  sync(): Promise<void> {
    return this.#connection.sync(this.#host.publications);
  }

  send(message: ControlMessage): void {
    this.#control.send(message);
  }

  offer(file: File): FileTransfer {
    return this.#exchange.offer(file);
  }

  configure(configuration: RTCConfiguration): void {
    this.#connection.configure(configuration);
  }

  restartIce(): void {
    this.#connection.restartIce();
  }

  /** Signaling is back: what waited for it need not wait any longer. */
  hasten(): void {
    this.#recovery.hasten(this.pc.connectionState);
  }

  close(): void {
    this.#closed = true;
    this.#wishes.close();
    this.#recovery.stop();
    this.#control.detach();
    this.#connection.close();
    this.#exchange.close();
    this.#tracks.clear();
  }

  #polite(): boolean {
    return compareBytes(this.#host.selfId(), this.#info.id) > 0;
  }

  #reachable(): boolean {
    return this.#host.signaling() && !this.#away;
  }

  #connect(): Connection {
    const connection = new Connection(this.#host.configuration(), this.#connectionHost());
    this.#control.attach(connection.control);
    connection.apply(this.#encodings);
    void connection.sync(this.#host.publications);
    return connection;
  }

  async #restartFresh(): Promise<void> {
    const connection = this.#connection;
    await this.#host.refreshIce();
    if (!this.#closed && connection === this.#connection) {
      connection.restartIce();
    }
  }

  #rebuild(): void {
    this.#watchdog.reset();
    this.#connection.close();
    this.#connection = this.#connect();
    this.#exchange.interrupt();
    this.#changed();
  }

  /** The two ends have parted: nothing but a new connection brings them together. */
  #refused(signal: PeerSignal, error: unknown): void {
    const now = Date.now();
    if (now - this.#refusedAt < REBUILD_EVERY) {
      this.#host.emit('error', toOtterError(error, 'negotiation-failed'));
      return;
    }
    this.#refusedAt = now;
    this.#rebuild();
    if (signal.description?.type === 'offer' && signal.for === null) {
      // The peer's connection has met none of this side yet, so it can be met by the new one.
      this.#connection.receive(signal);
    }
  }

  #heardHello(hello: 'ask' | 'reply'): void {
    this.#connection.resend();
    if (hello === 'ask') {
      this.#sayHello('reply', this.#info.id);
    }
    this.hasten();
  }

  #sayHello(hello: 'ask' | 'reply', to: string): void {
    const { name, peerName } = this.#connection;
    this.#host.signal(to, { hello, pc: name, for: peerName });
  }

  #connectionHost(): ConnectionHost {
    return {
      polite: () => this.#polite(),
      reachable: () => this.#reachable(),
      relayOnly: () => this.#host.configuration().iceTransportPolicy === 'relay',
      send: (signal) => {
        this.#host.signal(this.#info.id, signal);
      },
      onApplied: ({ tracks }) => {
        this.#tracks.describe(tracks);
      },
      onSettled: () => {
        this.#tracks.update(this.pc);
      },
      onState: () => {
        this.#recovery.update(this.pc.connectionState);
        this.#changed();
      },
      onChannel: (channel) => {
        this.#exchange.channel(channel);
      },
      onRefused: (signal, error) => {
        this.#refused(signal, error);
      },
      onError: (error) => {
        this.#host.emit('error', toOtterError(error, 'negotiation-failed'));
      },
    };
  }

  #message(message: ControlMessage): void {
    if (message.type === 'chat') {
      const { id: from, name } = this.#info;
      const { id, text } = message;
      this.#host.emit('chat', { id, from, name, text, at: Date.now() });
    } else if (message.type === 'mute') {
      this.#tracks.mute(message.id, message.muted, message.rev);
    } else if (message.type === 'held') {
      this.#tracks.hold(message.id, message.held);
    } else if (message.type === 'still') {
      this.#tracks.rest(message.id, message.still);
    } else if (message.type === 'want') {
      this.#wish(message.id, { height: message.height || null, paused: message.paused });
    } else {
      this.#exchange.receive(message);
    }
  }

  #wish(source: TrackSource, wish: Wish): void {
    if (this.#wished.has(source) || this.#wished.size < MAX_WISHES) {
      this.#wished.set(source, wish);
      this.#host.onWish();
    }
  }

  #looked(stats: PeerStats): void {
    if (this.#gauge.grade(stats)) {
      this.#host.emit('peer-quality', this);
    }
    this.#tellStillness(stats);
    this.#watch(stats);
    this.#host.emit('peer-stats', { peer: this, stats });
  }

  /** Tells the peer which of this side's tracks stand still by themselves. */
  #tellStillness({ report }: PeerStats): void {
    const changed = this.#stillness.take(departures(report, this.#naming));
    for (const { id, source } of this.#host.publications) {
      const still = changed.get(source);
      if (still !== undefined) {
        this.send({ type: 'still', id, still });
      }
    }
  }

  /** Looks for tracks that stand still though they should not. */
  #watch({ report }: PeerStats): void {
    const arrived = arrivals(report, this.#naming);
    for (const source of [...arrived.keys()]) {
      if (!this.#tracks.flows(source) || this.#wishes.paused(source)) {
        arrived.delete(source);
      }
    }
    const { changed, due } = this.#watchdog.take(Date.now(), arrived);
    for (const [source, cause] of changed) {
      this.#tracks.freeze(source, cause);
    }
    if (due) {
      this.#recovery.frozen();
    } else if (changed.size > 0 && this.pc.connectionState === 'connected') {
      this.#recovery.stop();
    }
  }

  #changed(): void {
    const state = describeState(this.pc.connectionState, this.#wasConnected);
    this.#wasConnected ||= state === 'connected';
    if (state !== this.#state) {
      this.#state = state;
      this.#host.emit('peer-connection', this);
      this.#host.onConnection(this);
      if (state !== 'connected' && this.#gauge.lose()) {
        this.#host.emit('peer-quality', this);
      }
    }
  }
}
