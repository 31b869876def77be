import type { Peer, PeerConnectionState, PeerInfo, Room, TrackSource } from '@otter/client';

/** A member of the call as the tiles and the list of people show it. */
export interface Person {
  /** Stays the same when the person drops out and joins anew. */
  readonly key: string;
  /** Peer id of this moment. */
  readonly id: string;
  readonly name: string;
  readonly moderator: boolean;
  readonly connection: PeerConnectionState;
  readonly away: boolean;
  /** Streams are null while there is nothing to show or hear. */
  readonly camera: MediaStream | null;
  readonly microphone: MediaStream | null;
  readonly screen: MediaStream | null;
  readonly screenAudio: MediaStream | null;
  readonly microphoneOn: boolean;
  readonly peer: Peer;
}

/** The name to show: what the token says, else the identity. */
export function nameOf(info: Pick<PeerInfo, 'name' | 'identity'>): string {
  const name = info.name.trim();
  return name === '' ? info.identity : name;
}

function streamOf(peer: Peer, source: TrackSource): MediaStream | null {
  const track = peer.tracks.get(source);
  return track === undefined || track.muted ? null : track.stream;
}

export function personOf(peer: Peer): Person {
  const { info } = peer;
  const microphone = peer.tracks.get('microphone');
  return {
    key: info.identity,
    id: info.id,
    name: nameOf(info),
    moderator: info.role === 'moderator',
    connection: peer.connection,
    away: peer.away,
    camera: streamOf(peer, 'camera'),
    microphone: microphone?.stream ?? null,
    screen: streamOf(peer, 'screen'),
    screenAudio: streamOf(peer, 'screen-audio'),
    microphoneOn: microphone !== undefined && !microphone.muted,
    peer,
  };
}

/** The others in the order in which they came, so that tiles do not change places. */
export function peopleOf(room: Room): readonly Person[] {
  return [...room.peers.values()]
    .sort((a, b) => a.info.joined_at.localeCompare(b.info.joined_at))
    .map(personOf);
}

/** The words for a tile's state; null when all is well. */
export type Trouble = 'connecting' | 'unstable' | 'failed' | 'away';

export function troubleOf(person: Pick<Person, 'connection' | 'away'>): Trouble | null {
  if (person.connection === 'failed') {
    return 'failed';
  }
  if (person.connection === 'unstable') {
    return 'unstable';
  }
  if (person.connection === 'connecting') {
    return person.away ? 'away' : 'connecting';
  }
  return null;
}
