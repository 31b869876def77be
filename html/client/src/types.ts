import type { OtterError } from './errors.js';

/** What a peer may do in its room. */
export type Role = 'moderator' | 'participant';

/** A member of the room as the server describes it. */
export interface PeerInfo {
  readonly id: string;
  readonly identity: string;
  readonly name: string;
  readonly role: Role;
  readonly metadata: unknown;
  /** RFC 3339, UTC. */
  readonly joined_at: string;
}

export type RoomStatus = 'open' | 'occupied' | 'full' | 'closed';

/** The room as the server describes it. */
export interface RoomInfo {
  readonly room: string;
  readonly status: RoomStatus;
  readonly locked: boolean;
  readonly lobby: boolean;
  readonly relay_only: boolean;
  readonly max_peers: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ConnectOptions {
  /** `ws(s)://host/otter/ws`. */
  readonly url: string;
  /** A join token, or a function that gives one and is asked again when a fresh one is needed. */
  readonly token: string | (() => Promise<string>);
  /** Merged over what the server says, for example `{ iceTransportPolicy: 'relay' }`. */
  readonly rtc?: Partial<RTCConfiguration>;
  /** Gives up connecting; after `connect` has resolved it does nothing. */
  readonly signal?: AbortSignal;
  /** The room has a lobby: `connect` resolves when a moderator has let this side in. */
  readonly onWaiting?: () => void;
}

/** What a moderator changes of the room. */
export interface RoomPolicy {
  /** Nobody else comes in, but for moderators. */
  readonly locked?: boolean;
  /** Whoever comes waits until a moderator lets them in. */
  readonly lobby?: boolean;
  readonly maxPeers?: number;
}

/**
 * State of the way to the server. Media and data between peers do not depend on it: during
 * `reconnecting` a call goes on.
 */
export type RoomState = 'connected' | 'reconnecting' | 'closed';

/**
 * What a track shows or carries. A peer sends at most one track of each source. Tracks of another
 * kind than the usual four have a name of the application's choice, up to 64 characters with the
 * prefix: `video:whiteboard`, `audio:interpreter`.
 */
export type TrackSource =
  'microphone' | 'camera' | 'screen' | 'screen-audio' | `audio:${string}` | `video:${string}`;

export interface PublishOptions {
  readonly source: TrackSource;
}

/** A local track that every peer of the room receives. */
export interface Publication {
  readonly source: TrackSource;
  readonly track: MediaStreamTrack;
  readonly muted: boolean;
  /** Disables the track, so that silence or black is sent, and tells the peers. */
  setMuted(muted: boolean): void;
  /** Sends another track of the same kind in place, with no negotiation; mute is kept. */
  replaceTrack(track: MediaStreamTrack): Promise<void>;
  /**
   * Opens another camera or microphone with the constraints of the present track, sends it in
   * place and stops the present one. For tracks that come from a device as they are: where
   * something is done to them on the way, use `replaceTrack`.
   *
   * Rejects with `OtterError` `device-denied`, `device-gone`, `device-busy` or `device-failed`; the
   * present track then goes on.
   */
  switchDevice(deviceId: string): Promise<void>;
  /** Stops sending. The track itself belongs to the caller and goes on. */
  unpublish(): void;
}

/** Whether a shared screen holds text, which must be sharp, or a film, which must not stutter. */
export type ScreenHint = 'detail' | 'motion';

export interface ScreenShareOptions {
  /** `detail` unless said otherwise. */
  readonly hint?: ScreenHint;
  /** Whether to ask for the sound of the tab or system too; yes unless said otherwise. */
  readonly audio?: boolean;
}

/** A screen, window or tab that this side shares. */
export interface ScreenShare {
  readonly stream: MediaStream;
  readonly video: Publication;
  /** Null where the user or the browser gave no sound. */
  readonly audio: Publication | null;
  readonly hint: ScreenHint;
  setHint(hint: ScreenHint): Promise<void>;
  stop(): void;
  /** Resolves when it is over, also by the browser's own button. */
  readonly ended: Promise<void>;
}

/** A track that a peer sends. */
export interface RemoteTrack {
  readonly source: TrackSource;
  readonly track: MediaStreamTrack;
  /** Holds this track alone: made for `srcObject`. */
  readonly stream: MediaStream;
  /** The sender has muted it. */
  readonly muted: boolean;
  /**
   * The sender sends no picture for now, so that the sound goes on: its machine or the way here is
   * overloaded. It comes back by itself.
   */
  readonly paused: boolean;
  /** It has stood still for six seconds or more; null: it moves, or there is nothing to move. */
  readonly frozen: FreezeCause | null;
}

/** What this side can use of a track that a peer sends. */
export interface TrackWish {
  /**
   * Height in device pixels of the largest place where it is shown: the sender sends no more lines
   * than that needs. Not given or null: no limit.
   */
  readonly height?: number | null;
  /** Shown nowhere: nothing need be sent. For sound: not played. */
  readonly paused?: boolean;
}

/** What the bandwidth plan does to the pictures that this side sends. */
export interface PlanReport {
  /**
   * `reduced`: smaller and slower than the share of each receiver would be. `paused`: at least one
   * receiver gets sound alone. Sound is never paused.
   */
  readonly video: 'full' | 'reduced' | 'paused';
  /**
   * Why: this machine is overloaded (`cpu`), a way is too narrow (`bandwidth`), or so many speak at
   * once that the sound needs the machine (`speakers`). Null with `full`.
   */
  readonly reason: 'cpu' | 'bandwidth' | 'speakers' | null;
}

/** State of the connection to one peer. */
export type PeerConnectionState = 'connecting' | 'connected' | 'unstable' | 'failed';

/** How well a connection works, as people would put it. */
export type PeerQuality = 'good' | 'fair' | 'poor';

/** One stream of a connection, in numbers. What the browser does not tell (yet) is null. */
export interface StreamStats {
  /** Null for a stream that nobody has named. */
  readonly source: TrackSource | null;
  readonly kind: 'audio' | 'video';
  /** Bits per second since the reading before. */
  readonly bitrate: number | null;
  /** Part of the packets that was lost since then, from 0 to 1. Outgoing: as the receiver says. */
  readonly loss: number | null;
  /** Milliseconds. */
  readonly jitter: number | null;
  /** Milliseconds there and back; outgoing streams only. */
  readonly rtt: number | null;
  /** Pixels. */
  readonly width: number | null;
  readonly height: number | null;
  /** Frames per second. */
  readonly fps: number | null;
  /** `opus`, `VP8`, … */
  readonly codec: string | null;
  /** Root mean square of the sound since the reading before, from 0 to 1. */
  readonly level: number | null;
  /** What keeps an outgoing picture from being better (W3C `qualityLimitationReason`). */
  readonly limitation: 'none' | 'cpu' | 'bandwidth' | 'other' | null;
  /** Part of the incoming sound that had to be made up, from 0 to 1. */
  readonly concealed: number | null;
  /** Times that an incoming picture has stood still. */
  readonly freezes: number | null;
  /** Frames per second that the camera or screen gives; outgoing pictures only. */
  readonly captured: number | null;
}

/** The way that a connection takes. */
export interface PathStats {
  /** Types of the two candidates: `host`, `srflx`, `prflx` or `relay` (RFC 8445, section 5.1.1). */
  readonly local: string;
  readonly remote: string;
  /** `udp` or `tcp`. */
  readonly protocol: string;
  /** To the relay that this side uses: `udp`, `tcp` or `tls`; null where it uses none. */
  readonly relayProtocol: string | null;
  /** Milliseconds. */
  readonly rtt: number | null;
  /** Bits per second that this side may send, by the browser's own estimate. */
  readonly available: number | null;
}

export interface PeerStats {
  readonly report: RTCStatsReport;
  /** Null: no pair yet. */
  readonly path: PathStats | null;
  /** Whether the selected pair goes over a TURN relay on either side; null: no pair yet. */
  readonly relayed: boolean | null;
  /** `udp`, `tcp` or `tls`: to the peer, or to the relay that this side uses. */
  readonly protocol: string | null;
  /** The worst of all streams: milliseconds, part from 0 to 1, milliseconds. */
  readonly rtt: number | null;
  readonly loss: number | null;
  readonly jitter: number | null;
  readonly inbound: readonly StreamStats[];
  readonly outbound: readonly StreamStats[];
}

/**
 * A short code for one pair of peers, the same on both sides unless somebody sits between them. To
 * be compared by voice, or by any way that does not go through the server. It changes with every new
 * connection.
 */
export interface VerificationCode {
  /** Four groups of five decimal digits. */
  readonly digits: readonly string[];
  /** The same in eight pictures out of 64: either form is enough. */
  readonly emoji: readonly string[];
}

/** Another member of the room. */
export interface Peer {
  /** The present description. Its `id` changes when the peer had to join anew. */
  readonly info: PeerInfo;
  readonly tracks: ReadonlyMap<TrackSource, RemoteTrack>;
  readonly connection: PeerConnectionState;
  /** The peer's socket to the server has dropped; it may be back. Media can still flow. */
  readonly away: boolean;
  /** What is being done about a connection that does not work. */
  readonly recovery: RecoveryStep;
  /** How well the connection works; null until that is known, and while it does not. */
  readonly quality: PeerQuality | null;
  /**
   * Tells the peer what this side can use of one of its tracks: call it when a tile changes its
   * size, comes into sight or goes out of it. More is asked for at once, less after two seconds, so
   * that it may be called as often as sizes change. Kept across reconnects, not across `peer-left`.
   */
  want(source: TrackSource, wish: TrackWish): void;
  /**
   * Reads the connection now. The library itself reads every two seconds and says so by
   * `peer-stats`. Rejects with code `closed` when the peer is gone.
   */
  stats(): Promise<PeerStats>;
  /**
   * The code that shows that nobody sits between this side and the peer; null until the two have
   * agreed on a connection. Computed when asked for (tens of milliseconds): ask again after
   * `peer-connection`.
   */
  verificationCode(): VerificationCode | null;
  /**
   * The connection under it, as an escape hatch for what this library does not offer. It may be
   * replaced when a connection has to be built anew: do not keep it, do not negotiate on it.
   */
  readonly pc: RTCPeerConnection;
}

export interface ChatMessage {
  readonly id: string;
  /** Peer id of the sender. */
  readonly from: string;
  readonly name: string;
  readonly text: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly at: number;
}

export type FileTransferState = 'offered' | 'active' | 'done' | 'cancelled' | 'failed';

export interface FileResult {
  /** The received file, when it was accepted without a sink. */
  readonly blob?: Blob;
  /** Lower-case hexadecimal SHA-256 of the whole, the same on both sides. */
  readonly sha256: string;
}

export interface FileTransferEvents {
  readonly progress: FileTransfer;
  /** `state`, `waiting` or `paused` has changed. */
  readonly state: FileTransfer;
}

/** One file on its way to or from one peer. */
export interface FileTransfer {
  readonly id: string;
  /** Peer id of the other side. */
  readonly peer: string;
  readonly direction: 'in' | 'out';
  /** For an incoming file: safe to show and to save under, without any path. */
  readonly name: string;
  readonly size: number;
  readonly type: string;
  /** Bytes that have arrived at the receiver. */
  readonly transferred: number;
  readonly state: FileTransferState;
  /**
   * What an active transfer waits for: a connection to the peer, where it then goes on from what
   * has arrived already, or the end of a pause. Event `state` tells of it.
   */
  readonly waiting: 'connection' | 'pause' | null;
  /** Which side holds it up; both can, and it goes on when neither does. */
  readonly paused: { readonly here: boolean; readonly there: boolean };
  /** Why it failed, in state `failed`. */
  readonly error: OtterError | null;
  /**
   * Takes an incoming file; with a sink it is written there as it comes and `blob` is absent. A sink
   * can be a `FileSystemWritableFileStream`, of a file that the user has picked or of the origin's
   * private file system; it is closed at the end, and aborted where there is no good end. Without
   * one, the browser keeps the file and may move it to disk.
   */
  accept(sink?: WritableStream<Uint8Array>): void;
  /** Holds an active transfer up, on either side, or lets it go on. */
  pause(paused: boolean): void;
  /** Declines an offer or stops a transfer, on either side. */
  cancel(): void;
  /** Settles at the end; rejects with `OtterError` unless the state is `done`. */
  readonly done: Promise<FileResult>;
  on<E extends keyof FileTransferEvents>(
    event: E,
    handler: (arg: FileTransferEvents[E]) => void,
  ): () => void;
}

/**
 * What is being done about a connection that does not work, with the times counted from its fault:
 * `grace` for 2.5 s, `ice-restart` with fresh TURN credentials until 14.5 s, `rebuild` (a new
 * connection) until 24.5 s, `rejoin` (a new session with the server) until 32.5 s, then from
 * `ice-restart` on again. What is published, mute and the application's own processing are kept by
 * all of them.
 */
export type RecoveryStep = 'none' | 'grace' | 'ice-restart' | 'rebuild' | 'rejoin';

/**
 * Why a track stands still though the connection says that it works: nothing arrives, no picture
 * comes out of what arrives, or no sound does although the sender has some.
 */
export type FreezeCause = 'no-data' | 'not-decoded' | 'silent';

export interface TrackEvent {
  readonly peer: Peer;
  readonly track: RemoteTrack;
}

/** `closed` is the last event of a room. */
export interface RoomEvents {
  readonly state: RoomState;
  readonly 'peer-joined': Peer;
  readonly 'peer-left': { readonly peer: Peer; readonly reason: string };
  /** Its description or `away` has changed. */
  readonly 'peer-updated': Peer;
  /** The description of this side has changed. */
  readonly 'self-updated': PeerInfo;
  /** `connection` of a peer has changed. */
  readonly 'peer-connection': Peer;
  /** `recovery` of a peer has changed. */
  readonly 'peer-recovery': Peer;
  /** `quality` of a peer has changed. */
  readonly 'peer-quality': Peer;
  /** Every two seconds, for each connection that works. */
  readonly 'peer-stats': { readonly peer: Peer; readonly stats: PeerStats };
  /**
   * The track of a publication has ended by itself: its device was unplugged, or the browser's own
   * button ended it. The publication stays, for `replaceTrack` or `switchDevice`.
   */
  readonly 'publication-ended': Publication;
  readonly 'track-added': TrackEvent;
  readonly 'track-removed': TrackEvent;
  readonly 'track-muted': TrackEvent;
  /** `paused` of a track has changed. */
  readonly 'track-paused': TrackEvent;
  /**
   * `frozen` of a track has changed. The library restarts ICE when a track freezes, and builds the
   * connection anew eight seconds later unless that has helped.
   */
  readonly 'track-frozen': TrackEvent;
  /** What the bandwidth plan does to the pictures that this side sends has changed. */
  readonly plan: PlanReport;
  readonly chat: ChatMessage;
  /** A peer offers a file: call `accept` or `cancel`. */
  readonly file: FileTransfer;
  readonly 'room-updated': RoomInfo;
  /** To moderators: somebody asks to be let in. */
  readonly knock: PeerInfo;
  /** To moderators: `waiting` has changed. */
  readonly waiting: ReadonlyMap<string, PeerInfo>;
  /** Application data sent to the whole room; `from` is null for the server's own. */
  readonly message: { readonly from: string | null; readonly data: unknown };
  readonly closed: { readonly reason: string; readonly closeCode: number | null };
  /** Something went wrong that does not end the call. */
  readonly error: OtterError;
}

/** A call that this side is in. */
export interface Room {
  readonly self: PeerInfo;
  readonly info: RoomInfo;
  readonly state: RoomState;
  /** The other members by peer id. */
  readonly peers: ReadonlyMap<string, Peer>;
  readonly publications: ReadonlySet<Publication>;
  /** What the bandwidth plan does to the pictures that this side sends. */
  readonly plan: PlanReport;
  /** Sends a track to every peer, present and future. */
  publish(track: MediaStreamTrack, options: PublishOptions): Publication;
  /**
   * Lets the user pick a screen, a window or a tab and publishes it as `screen`, its sound as
   * `screen-audio`. Call it from the handler of a click. Rejects with `OtterError`:
   * `device-denied` (also when the picker was closed), `unsupported`, `invalid-argument` when there
   * is one already.
   */
  shareScreen(options?: ScreenShareOptions): Promise<ScreenShare>;
  /** Sends a line of text to every peer, over the connections between browsers. */
  sendChat(text: string): ChatMessage;
  /** Offers a file to every peer or to those named: one transfer per peer. */
  sendFile(file: File, to?: readonly string[]): readonly FileTransfer[];
  /** Sends application data to the whole room through the server. */
  sendMessage(data: unknown): void;
  /** Those who wait in the lobby, by peer id; only moderators are told of them. */
  readonly waiting: ReadonlyMap<string, PeerInfo>;
  /** For moderators, as the next three: lets in one who waits. */
  admit(peer: string): void;
  /** Sends away one who waits. */
  deny(peer: string): void;
  /** Puts a peer out of the room; the token it has is of no use any more. */
  kick(peer: string): void;
  setPolicy(policy: RoomPolicy): void;
  /** Changes how the others see this side. */
  update(changes: { readonly name?: string; readonly metadata?: unknown }): void;
  /** Leaves: ends every connection. Tracks that were published go on. */
  leave(): Promise<void>;
  /** Registers a handler and returns the function that removes it. */
  on<E extends keyof RoomEvents>(event: E, handler: (arg: RoomEvents[E]) => void): () => void;
}
