/**
 * Calls between browsers: joins a room over Otter's signaling and connects to every peer in it.
 *
 * @packageDocumentation
 */
export { connect } from './connect.js';
export { OtterError } from './errors.js';
export type {
  ChatMessage,
  ConnectOptions,
  FileResult,
  FileTransfer,
  FileTransferEvents,
  FileTransferState,
  Peer,
  PeerConnectionState,
  PeerInfo,
  PeerStats,
  Publication,
  PublishOptions,
  RemoteTrack,
  Role,
  Room,
  RoomEvents,
  RoomInfo,
  RoomState,
  RoomStatus,
  TrackEvent,
  TrackSource,
} from './types.js';
