/**
 * Calls between browsers: joins a room over Otter's signaling and connects to every peer in it.
 *
 * @packageDocumentation
 */
export {
  checkCamera,
  checkMicrophone,
  type CameraFacts,
  type DeviceCheckOptions,
  type DeviceCode,
  type MicrophoneFacts,
} from './check/devices.js';
export {
  checkStun,
  checkTurn,
  type IceCheckOptions,
  type StunCode,
  type StunFacts,
  type TurnCode,
  type TurnFacts,
  type TurnTransport,
} from './check/ice.js';
export { fetchIceServers } from './check/ice-servers.js';
export {
  checkSocket,
  type SocketCheckOptions,
  type SocketCode,
  type SocketFacts,
} from './check/socket.js';
export type { CheckOptions, Verdict } from './check/verdict.js';
export { connect } from './connect.js';
export { OtterError } from './errors.js';
export { Speakers, type SpeakersEvents } from './media/speakers.js';
export type { OtterCode, Remedy } from './remedies.js';
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
  PathStats,
  PeerQuality,
  PeerStats,
  PlanReport,
  FreezeCause,
  Publication,
  PublishOptions,
  RecoveryStep,
  RemoteTrack,
  Role,
  Room,
  RoomEvents,
  RoomInfo,
  RoomPolicy,
  RoomState,
  RoomStatus,
  ScreenHint,
  ScreenShare,
  ScreenShareOptions,
  StreamStats,
  TrackEvent,
  TrackSource,
  TrackWish,
  VerificationCode,
} from './types.js';
