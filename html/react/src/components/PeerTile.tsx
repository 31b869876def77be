import type { Person } from '../room/people.js';
import { troubleOf } from '../room/people.js';
import { ENGLISH, type Labels } from './labels.js';
import { VideoView } from './VideoView.js';

export interface TileProps {
  readonly name: string;
  readonly kind: 'person' | 'screen';
  readonly stream: MediaStream | null;
  readonly muted?: boolean;
  readonly own?: boolean;
  /** In words, where the connection is not as it should be. */
  readonly trouble?: string | undefined;
  readonly labels?: Labels;
}

/** One picture with a name. `data-` attributes tell style sheets how it stands. */
export function Tile({
  name,
  kind,
  stream,
  muted = false,
  own = false,
  trouble,
  labels = ENGLISH,
}: TileProps) {
  const described = [name, muted ? labels.muted : undefined, trouble];
  return (
    <li
      className="otter-tile"
      data-kind={kind}
      data-own={own}
      data-muted={muted}
      data-trouble={trouble !== undefined}
      aria-label={described.filter((part) => part !== undefined).join(', ')}
    >
      {stream === null ? (
        <span className="otter-initial" aria-hidden="true">
          {String.fromCodePoint(name.codePointAt(0) ?? 0x20).toLocaleUpperCase()}
        </span>
      ) : (
        <VideoView stream={stream} mirrored={own && kind === 'person'} />
      )}
      <span className="otter-name" aria-hidden="true">
        {described.filter((part) => part !== undefined).join(' · ')}
      </span>
    </li>
  );
}

export interface PeerTileProps {
  readonly peer: Person;
  readonly labels?: Labels;
}

/** A peer, and the screen that it shares. */
export function PeerTile({ peer, labels = ENGLISH }: PeerTileProps) {
  const trouble = troubleOf(peer);
  return (
    <>
      <Tile
        name={peer.name}
        kind="person"
        stream={peer.camera}
        muted={!peer.microphoneOn}
        trouble={trouble === null ? undefined : labels.troubles[trouble]}
        labels={labels}
      />
      {peer.screen !== null && (
        <Tile
          name={labels.screenOf(peer.name)}
          kind="screen"
          stream={peer.screen}
          labels={labels}
        />
      )}
    </>
  );
}
