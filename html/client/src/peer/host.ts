import type { LocalPublication } from '../publication.js';
import type { PeerConnectionState, RoomEvents } from '../types.js';
import type { RemotePeer } from './remote-peer.js';
import type { PeerSignal } from './signals.js';

/** The room, as one of its peers sees it. */
export interface PeerHost {
  selfId(): string;
  /** Whether the socket to the server is there. */
  signaling(): boolean;
  configuration(): RTCConfiguration;
  readonly publications: ReadonlySet<LocalPublication>;
  signal(to: string, signal: PeerSignal): void;
  emit<E extends keyof RoomEvents>(event: E, arg: RoomEvents[E]): void;
  /** Resolves when the configuration has ICE servers with fresh credentials, or soon anyway. */
  refreshIce(): Promise<void>;
  /** Joins the room anew, unless that was done a moment ago; whether it does. */
  rejoin(): boolean;
  /** The peer wishes something else to be sent than before. */
  onWish(): void;
  /** Whether the connection carries media and data has changed. */
  onConnection(peer: RemotePeer): void;
}

/** Puts the state of a connection in words that people can use. */
export function describeState(
  state: RTCPeerConnectionState,
  wasConnected: boolean,
): PeerConnectionState {
  switch (state) {
    case 'connected':
      return 'connected';
    case 'disconnected':
      return 'unstable';
    case 'failed':
    case 'closed':
      return 'failed';
    default:
      return wasConnected ? 'unstable' : 'connecting';
  }
}
