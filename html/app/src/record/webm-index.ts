/**
 * Follows a WebM file (RFC 8794, RFC 9559) while a browser records it. Browsers write it as for a
 * broadcast: no duration, no index, so a player can't jump in it. What is read here on the way is
 * enough to write a head that says both.
 */

export const ID = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  seekHead: 0x114d9b74,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cueClusterPosition: 0xf1,
  void: 0xec,
} as const;

/** Elements whose content is looked into; of the others the whole is passed over. */
const ENTERED: ReadonlySet<number> = new Set([ID.segment, ID.cluster, ID.blockGroup]);
/** Small elements that are kept as they are. */
const KEPT: ReadonlySet<number> = new Set([ID.ebml, ID.info, ID.tracks, ID.timestamp]);
/** Of a block only its head is of interest: track, time, flags. */
const BLOCKS: ReadonlySet<number> = new Set([ID.simpleBlock, ID.block]);
const BLOCK_HEAD = 12;

const MOST_KEPT = 1 << 20;

export interface Cluster {
  /** Where it begins, in bytes from the beginning of the file. */
  readonly at: number;
  readonly time: number;
}

interface Vint {
  readonly length: number;
  /** Null for "unknown". */
  readonly value: number | null;
}

/** A number of variable length; null when not all of it is there. Longer than 8 bytes is no such number. */
export function readVint(bytes: Uint8Array, at: number, keepMarker: boolean): Vint | null {
  const first = bytes[at];
  if (first === undefined) {
    return null;
  }
  const length = Math.clz32(first) - 23;
  if (length > 8) {
    throw new RangeError('no WebM');
  }
  if (at + length > bytes.length) {
    return null;
  }
  const marker = 1 << (8 - length);
  let value = keepMarker ? first : first & (marker - 1);
  let ones = (first & (marker - 1)) === marker - 1;
  for (let index = 1; index < length; index += 1) {
    const byte = bytes[at + index] ?? 0;
    value = value * 256 + byte;
    ones &&= byte === 0xff;
  }
  return { length, value: ones && !keepMarker ? null : value };
}

export function readUnsigned(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

export class WebmIndex {
  readonly clusters: Cluster[] = [];
  readonly kept = new Map<number, Uint8Array>();
  /** The latest time of any block, in units of the file. */
  end = 0;
  #rest = new Uint8Array(0);
  /** Where the rest begins in the file. */
  #at = 0;
  /** Bytes still to be passed over. */
  #skip = 0;
  #cluster: { at: number; time: number | null } | null = null;

  /** Takes the next piece of the file. Throws when it is none. */
  push(piece: Uint8Array): void {
    const skipped = Math.min(this.#skip, piece.length);
    this.#skip -= skipped;
    this.#at += this.#rest.length === 0 ? skipped : 0;
    const fresh = piece.subarray(skipped);
    const bytes = new Uint8Array(this.#rest.length + fresh.length);
    bytes.set(this.#rest);
    bytes.set(fresh, this.#rest.length);
    let at = 0;
    for (;;) {
      const next = this.#element(bytes, at);
      if (next === null) {
        break;
      }
      if (next > bytes.length) {
        this.#skip = next - bytes.length;
        at = bytes.length;
        break;
      }
      at = next;
    }
    this.#at += at;
    this.#rest = bytes.slice(at);
  }

  /** Reads one element; answers where the next begins, null when more bytes are needed. */
  #element(bytes: Uint8Array, at: number): number | null {
    const id = readVint(bytes, at, true);
    if (id?.value == null) {
      return null;
    }
    const size = readVint(bytes, at + id.length, false);
    if (size === null) {
      return null;
    }
    const content = at + id.length + size.length;
    if (id.value === ID.cluster) {
      this.#cluster = { at: this.#at + at, time: null };
    }
    if (ENTERED.has(id.value)) {
      return content;
    }
    if (size.value === null || (KEPT.has(id.value) && size.value > MOST_KEPT)) {
      throw new RangeError('no WebM');
    }
    const end = content + size.value;
    const wanted = BLOCKS.has(id.value)
      ? Math.min(size.value, BLOCK_HEAD)
      : KEPT.has(id.value)
        ? size.value
        : 0;
    if (content + wanted > bytes.length) {
      return null;
    }
    this.#take(id.value, bytes.slice(content, content + wanted));
    return end;
  }

  #take(id: number, content: Uint8Array): void {
    if (id === ID.timestamp && this.#cluster !== null) {
      const time = readUnsigned(content);
      this.#cluster.time = time;
      this.clusters.push({ at: this.#cluster.at, time });
      this.end = Math.max(this.end, time);
    } else if (BLOCKS.has(id)) {
      const track = readVint(content, 0, false);
      const time = this.#cluster?.time;
      if (track !== null && typeof time === 'number') {
        const view = new DataView(content.buffer, content.byteOffset);
        this.end = Math.max(this.end, time + view.getInt16(track.length));
      }
    } else if (KEPT.has(id) && !this.kept.has(id)) {
      this.kept.set(id, content);
    }
  }
}
