import { ID, readUnsigned, readVint, type WebmIndex } from './webm-index.js';

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function unsigned(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let index = length - 1; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

function idBytes(id: number): Uint8Array {
  return unsigned(id, id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1);
}

/** Sizes are written in eight bytes, so that they take the same space whatever they are. */
function element(id: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(parts);
  const size = unsigned(content.length, 8);
  size[0] = 1;
  return joined([idBytes(id), size, content]);
}

interface Child {
  readonly id: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

function children(bytes: Uint8Array): readonly Child[] {
  const found: Child[] = [];
  let at = 0;
  while (at < bytes.length) {
    const id = readVint(bytes, at, true);
    const size = id === null ? null : readVint(bytes, at + id.length, false);
    if (id?.value == null || size?.value == null) {
      throw new RangeError('no WebM');
    }
    const content = at + id.length + size.length;
    const end = content + size.value;
    found.push({
      id: id.value,
      content: bytes.subarray(content, end),
      whole: bytes.subarray(at, end),
    });
    at = end;
  }
  return found;
}

function number64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

/** The track that an index goes by: the picture where there is one. */
function cueTrack(tracks: Uint8Array): number {
  const entries = children(tracks).filter(({ id }) => id === ID.trackEntry);
  const of = (entry: Child, id: number): number => {
    const found = children(entry.content).find((child) => child.id === id);
    return found === undefined ? 0 : readUnsigned(found.content);
  };
  const video = entries.find((entry) => of(entry, ID.trackType) === 1) ?? entries[0];
  return video === undefined ? 1 : of(video, ID.trackNumber);
}

export interface Head {
  /** Takes the place of everything before the first cluster. */
  readonly bytes: Uint8Array;
  /** Where the first cluster begins in the file as it was recorded. */
  readonly body: number;
}

/** Writes a head with a duration and an index; null when nothing was recorded. `size`: of the file. */
export function headOf(index: WebmIndex, size: number): Head | null {
  const [first] = index.clusters;
  const ebml = index.kept.get(ID.ebml);
  const info = index.kept.get(ID.info);
  const tracks = index.kept.get(ID.tracks);
  if (first === undefined || ebml === undefined || info === undefined || tracks === undefined) {
    return null;
  }
  const told = children(info).filter(({ id }) => id !== ID.duration && id !== ID.void);
  const newInfo = element(
    ID.info,
    ...told.map(({ whole }) => whole),
    element(ID.duration, number64(index.end)),
  );
  const newTracks = element(ID.tracks, tracks);
  const track = cueTrack(tracks);
  const cues = (shift: number): Uint8Array =>
    element(
      ID.cues,
      ...index.clusters.map(({ at, time }) =>
        element(
          ID.cuePoint,
          element(ID.cueTime, unsigned(time, 8)),
          element(
            ID.cueTrackPositions,
            element(ID.cueTrack, unsigned(track, 1)),
            // Counted from the beginning of the segment's content.
            element(ID.cueClusterPosition, unsigned(at - first.at + shift, 8)),
          ),
        ),
      ),
    );
  const before = newInfo.length + newTracks.length + cues(0).length;
  const content = joined([newInfo, newTracks, cues(before)]);
  const segmentSize = unsigned(content.length + size - first.at, 8);
  segmentSize[0] = 1;
  return {
    bytes: joined([element(ID.ebml, ebml), idBytes(ID.segment), segmentSize, content]),
    body: first.at,
  };
}
