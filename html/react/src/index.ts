/**
 * Hooks and components for calls with Otter: what its own page is made of.
 *
 * @packageDocumentation
 */
export { CallView, type CallViewProps, OtterCall, type OtterCallProps } from './components/Call.js';
export { ChatBox, type ChatBoxProps } from './components/ChatBox.js';
export { Controls, type ControlsProps } from './components/Controls.js';
export { ENGLISH, type Labels } from './components/labels.js';
export { PeerTile, type PeerTileProps, Tile, type TileProps } from './components/PeerTile.js';
export { Sound, type SoundProps } from './components/Sound.js';
export { VideoView, type VideoViewProps } from './components/VideoView.js';
export {
  cameraConstraints,
  captureSize,
  type CaptureSize,
  deviceConstraint,
} from './media/capture.js';
export { type Device, type DeviceLists, NO_DEVICES, sortDevices } from './media/devices.js';
export { createLevelMeter, type LevelMeter, meterFill } from './media/level.js';
export { type Kind, LocalMedia, type MediaState, type Source } from './media/local-media.js';
export { forgetful, type MediaMemory } from './media/memory.js';
export { type MediaProblem, mediaProblem } from './media/problem.js';
export { type LocalMediaControl, useLocalMedia } from './media/useLocalMedia.js';
export { useStreamOf } from './media/useStreamOf.js';
export type { ChatLine } from './room/chat-log.js';
export { RoomProvider, type RoomProviderProps, useRoom } from './room/context.js';
export {
  type Chat,
  type Files,
  type Lobby,
  type PeerTrack,
  type ScreenShareControl,
  useChat,
  useFiles,
  useLobby,
  usePeers,
  useRoomInfo,
  useRoomState,
  useScreenShare,
  useSelf,
  useTracks,
} from './room/hooks.js';
export { nameOf, peopleOf, type Person, personOf, type Trouble, troubleOf } from './room/people.js';
export { Publisher } from './room/publisher.js';
export { type Rates, ratesBetween, type Totals, totalsOf } from './room/rates.js';
export { canShareScreen, ScreenShare } from './room/screen-share.js';
export { type Connection, useConnection } from './room/useConnection.js';
export { type Path, usePath } from './room/usePath.js';
export { usePublish } from './room/usePublish.js';
export { useRoomValue } from './room/useRoomValue.js';
export { SELF, useSpeaking } from './room/useSpeaking.js';
export { type ConnectionStats, useStats } from './room/useStats.js';
export { type Outcome, useOutcome, useTransfer } from './room/useTransfer.js';
export { Store } from './store.js';
export { useStore } from './useStore.js';
