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
}

/**
 * State of the way to the server. Media and data between peers do not depend on it: during
 * `reconnecting` a call goes on.
 */
export type RoomState = 'connected' | 'reconnecting' | 'closed';

/** What a track shows or carries. A peer sends at most one track of each source. */
export type TrackSource = 'microphone' | 'camera' | 'screen' | 'screen-audio';

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
  /** Stops sending. The track itself belongs to the caller and goes on. */
  unpublish(): void;
}

/** A track that a peer sends. */
export interface RemoteTrack {
  readonly source: TrackSource;
  readonly track: MediaStreamTrack;
  /** Holds this track alone: made for `srcObject`. */
  readonly stream: MediaStream;
  /** The sender has muted it. */
  readonly muted: boolean;
}

/** State of the connection to one peer. */
export type PeerConnectionState = 'connecting' | 'connected' | 'unstable' | 'failed';

export interface PeerStats {
  readonly report: RTCStatsReport;
  /** Whether the selected pair goes over a TURN relay on either side; null: no pair yet. */
  readonly relayed: boolean | null;
  /** `udp`, `tcp` or `tls`: to the peer, or to the relay that this side uses. */
  readonly protocol: string | null;
}

/** Another member of the room. */
export interface Peer {
  /** The present description. Its `id` changes when the peer had to join anew. */
  readonly info: PeerInfo;
  readonly tracks: ReadonlyMap<TrackSource, RemoteTrack>;
  readonly connection: PeerConnectionState;
  /** The peer's socket to the server has dropped; it may be back. Media can still flow. */
  readonly away: boolean;
  /** Rejects with code `closed` when the connection is gone. */
  stats(): Promise<PeerStats>;
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
  /** Why it failed, in state `failed`. */
  readonly error: OtterError | null;
  /** Takes an incoming file; with a sink it is written there as it comes and `blob` is absent. */
  accept(sink?: WritableStream<Uint8Array>): void;
  /** Declines an offer or stops a transfer, on either side. */
  cancel(): void;
  /** Settles at the end; rejects with `OtterError` unless the state is `done`. */
  readonly done: Promise<FileResult>;
  on<E extends keyof FileTransferEvents>(
    event: E,
    handler: (arg: FileTransferEvents[E]) => void,
  ): () => void;
}

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
  readonly 'track-added': TrackEvent;
  readonly 'track-removed': TrackEvent;
  readonly 'track-muted': TrackEvent;
  readonly chat: ChatMessage;
  /** A peer offers a file: call `accept` or `cancel`. */
  readonly file: FileTransfer;
  readonly 'room-updated': RoomInfo;
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
  /** Sends a track to every peer, present and future. */
  publish(track: MediaStreamTrack, options: PublishOptions): Publication;
  /** Sends a line of text to every peer, over the connections between browsers. */
  sendChat(text: string): ChatMessage;
  /** Offers a file to every peer or to those named: one transfer per peer. */
  sendFile(file: File, to?: readonly string[]): readonly FileTransfer[];
  /** Sends application data to the whole room through the server. */
  sendMessage(data: unknown): void;
  /** Changes how the others see this side. */
  update(changes: { readonly name?: string; readonly metadata?: unknown }): void;
  /** Leaves: ends every connection. Tracks that were published go on. */
  leave(): Promise<void>;
  /** Registers a handler and returns the function that removes it. */
  on<E extends keyof RoomEvents>(event: E, handler: (arg: RoomEvents[E]) => void): () => void;
}
