import type { ConnectOptions } from '@otter/client';
import type { MediaMemory } from '../media/memory.js';
import { type LocalMediaControl, useLocalMedia } from '../media/useLocalMedia.js';
import { useStreamOf } from '../media/useStreamOf.js';
import { RoomProvider } from '../room/context.js';
import { usePeers, useRoomState, useScreenShare } from '../room/hooks.js';
import { useConnection } from '../room/useConnection.js';
import { usePublish } from '../room/usePublish.js';
import { ChatBox } from './ChatBox.js';
import { Controls } from './Controls.js';
import { ENGLISH, type Labels } from './labels.js';
import { PeerTile, Tile } from './PeerTile.js';
import { Sound } from './Sound.js';

export interface CallViewProps {
  readonly local: LocalMediaControl;
  readonly onLeave: () => void;
  readonly labels?: Labels;
}

const nothing = (): void => undefined;

/** A whole call, inside a `RoomProvider`: everyone's pictures and sound, controls and chat. */
export function CallView({ local, onLeave, labels = ENGLISH }: CallViewProps) {
  const peers = usePeers();
  const state = useRoomState();
  const screen = useScreenShare();
  const { microphone, camera } = local;
  const own = useStreamOf(camera.on ? camera.track : null);
  usePublish(local.media);

  return (
    <div className="otter-call">
      <ul className="otter-tiles" aria-label={labels.people}>
        {peers.map((peer) => (
          <PeerTile key={peer.key} peer={peer} labels={labels} />
        ))}
        <Tile
          name={labels.you}
          kind="person"
          stream={own}
          muted={!microphone.on}
          own
          labels={labels}
        />
        {screen.stream !== null && (
          <Tile
            name={labels.screenOf(labels.you)}
            kind="screen"
            stream={screen.stream}
            own
            labels={labels}
          />
        )}
      </ul>
      <Sound people={peers} speakerId={local.speakerId} attempt={0} onBlocked={nothing} />
      <p className="otter-status" role="status">
        {state === 'reconnecting' ? labels.reconnecting : ''}
      </p>
      <Controls local={local} onLeave={onLeave} labels={labels} />
      <ChatBox labels={labels} />
    </div>
  );
}

export interface OtterCallProps extends Omit<ConnectOptions, 'signal'> {
  readonly onLeave: () => void;
  readonly labels?: Labels;
  /** Where the choice of devices is kept. */
  readonly memory?: MediaMemory;
}

/** Joins the room of the token, and shows the call. */
export function OtterCall({ onLeave, labels = ENGLISH, memory, ...options }: OtterCallProps) {
  const connection = useConnection(options);
  const local = useLocalMedia(memory);

  switch (connection.at) {
    case 'connected':
      return (
        <RoomProvider room={connection.room}>
          <CallView local={local} onLeave={onLeave} labels={labels} />
        </RoomProvider>
      );
    case 'failed':
      return (
        <p className="otter-status" role="alert">
          {labels.failed} {connection.error.message}
        </p>
      );
    case 'idle':
    case 'connecting':
    case 'waiting':
    case 'closed':
      return (
        <p className="otter-status" role="status">
          {connection.at === 'idle' ? '' : labels[connection.at]}
        </p>
      );
  }
}
