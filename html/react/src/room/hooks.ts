import type {
  FileTransfer,
  PeerInfo,
  RemoteTrack,
  Room,
  RoomEvents,
  RoomInfo,
  RoomState,
  TrackSource,
} from '@otter/client';
import { useCallback, useMemo } from 'react';
import { useStore } from '../useStore.js';
import type { ChatLine } from './chat-log.js';
import { useRoom, useRoomModel } from './context.js';
import { peopleOf, type Person } from './people.js';
import { canShareScreen, type ScreenShare } from './screen-share.js';
import { useRoomValue } from './useRoomValue.js';

type Events = readonly (keyof RoomEvents)[];

const STATE: Events = ['state'];
const INFO: Events = ['room-updated'];
const SELF_UPDATED: Events = ['self-updated'];
const WAITING: Events = ['waiting'];
const PEERS: Events = [
  'peer-joined',
  'peer-left',
  'peer-updated',
  'peer-connection',
  'track-added',
  'track-removed',
  'track-muted',
];

const stateOf = (room: Room): RoomState => room.state;
const infoOf = (room: Room): RoomInfo => room.info;
const selfOf = (room: Room): PeerInfo => room.self;
const waitingOf = (room: Room): readonly PeerInfo[] => [...room.waiting.values()];

/** State of the way to the server. Media goes on while it is `reconnecting`. */
export function useRoomState(): RoomState {
  return useRoomValue(STATE, stateOf);
}

/** The room as the server describes it. */
export function useRoomInfo(): RoomInfo {
  return useRoomValue(INFO, infoOf);
}

/** How the others see this side. */
export function useSelf(): PeerInfo {
  return useRoomValue(SELF_UPDATED, selfOf);
}

/** The others, in the order in which they came, with what they send and how they are connected. */
export function usePeers(): readonly Person[] {
  return useRoomValue(PEERS, peopleOf);
}

/** A track, and whose it is. */
export interface PeerTrack {
  readonly peer: Person;
  readonly track: RemoteTrack;
}

/** The tracks that come from the others, of one source or of all. */
export function useTracks(source?: TrackSource): readonly PeerTrack[] {
  const peers = usePeers();
  return useMemo(
    () =>
      peers.flatMap((peer) =>
        [...peer.peer.tracks.values()]
          .filter((track) => source === undefined || track.source === source)
          .map((track) => ({ peer, track })),
      ),
    [peers, source],
  );
}

export interface Chat {
  /** The latest thousand lines, oldest first. */
  readonly lines: readonly ChatLine[];
  /** Throws `OtterError` for a text that is empty or too long. */
  readonly send: (text: string) => void;
}

/** The conversation since the `RoomProvider` is there. */
export function useChat(): Chat {
  const { chat } = useRoomModel();
  return { lines: useStore(chat.lines), send: chat.send };
}

export interface Files {
  /** Every offer in both directions, oldest first; see `useTransfer` and `useOutcome`. */
  readonly transfers: readonly FileTransfer[];
  readonly send: (file: File, to?: readonly string[]) => readonly FileTransfer[];
}

export function useFiles(): Files {
  const { files } = useRoomModel();
  return { transfers: useStore(files.transfers), send: files.send };
}

export interface ScreenShareControl {
  /** What this side shares, to be shown to its owner as well. */
  readonly stream: MediaStream | null;
  readonly supported: boolean;
  readonly start: () => ReturnType<ScreenShare['start']>;
  readonly stop: () => void;
}

/** The screen of this side in the room. */
export function useScreenShare(): ScreenShareControl {
  const { share } = useRoomModel();
  const start = useCallback(() => share.start(), [share]);
  return {
    stream: useStore(share.stream),
    supported: canShareScreen(),
    start,
    stop: share.stop,
  };
}

export interface Lobby {
  /** Those who wait; only moderators are told of them. */
  readonly waiting: readonly PeerInfo[];
  readonly admit: (peer: string) => void;
  readonly deny: (peer: string) => void;
}

export function useLobby(): Lobby {
  const room = useRoom();
  const waiting = useRoomValue(WAITING, waitingOf);
  return useMemo(
    () => ({
      waiting,
      admit: (peer) => {
        room.admit(peer);
      },
      deny: (peer) => {
        room.deny(peer);
      },
    }),
    [room, waiting],
  );
}
