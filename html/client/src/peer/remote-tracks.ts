import type { FreezeCause, RemoteTrack, TrackSource } from '../types.js';
import { kindOf, type TrackNote } from './signals.js';

export interface RemoteTracksHost {
  onAdded(track: RemoteTrack): void;
  onRemoved(track: RemoteTrack): void;
  onMuted(track: RemoteTrack): void;
  onPaused(track: RemoteTrack): void;
  onFrozen(track: RemoteTrack): void;
}

interface Received extends RemoteTrack {
  readonly id: string;
  muted: boolean;
  paused: boolean;
  frozen: FreezeCause | null;
}

interface Mute {
  readonly muted: boolean;
  readonly rev: number;
}

/** More publications than any peer has had; the oldest are forgotten first. */
const MAX_MUTES = 64;

/** The tracks of one peer, told apart by what the peer's descriptions say about them. */
export class RemoteTracks {
  readonly bySource = new Map<TrackSource, Received>();
  readonly #host: RemoteTracksHost;
  readonly #mutes = new Map<string, Mute>();
  /** Ids of publications whose picture is not sent for now. */
  readonly #held = new Set<string>();
  /** Ids of publications whose source stands still by itself. */
  readonly #still = new Set<string>();
  #notes: readonly TrackNote[] | undefined;

  constructor(host: RemoteTracksHost) {
    this.#host = host;
  }

  /** Notes of the description that is being put in force; without any, sources are guessed. */
  describe(notes: readonly TrackNote[] | undefined): void {
    this.#notes = notes;
    for (const { id, muted, rev } of notes ?? []) {
      this.mute(id, muted, rev);
    }
  }

  /** The sender has muted or unmuted a publication. */
  mute(id: string, muted: boolean, rev: number): void {
    const known = this.#mutes.get(id);
    if (known && known.rev > rev) {
      return;
    }
    this.#mutes.delete(id);
    this.#mutes.set(id, { muted, rev });
    if (this.#mutes.size > MAX_MUTES) {
      this.#mutes.delete(this.#mutes.keys().next().value ?? '');
    }
    for (const track of this.bySource.values()) {
      if (track.id === id && track.muted !== muted) {
        track.muted = muted;
        this.#host.onMuted(track);
      }
    }
  }

  /** The sender holds the picture of a publication back, or sends it again. */
  hold(id: string, held: boolean): void {
    if (held && this.#held.size < MAX_MUTES) {
      this.#held.add(id);
    } else {
      this.#held.delete(id);
    }
    for (const track of this.bySource.values()) {
      if (track.id === id && track.paused !== held) {
        track.paused = held;
        this.#host.onPaused(track);
      }
    }
  }

  /** The source of a publication stands still, or has moved on. */
  rest(id: string, still: boolean): void {
    if (still && this.#still.size < MAX_MUTES) {
      this.#still.add(id);
    } else {
      this.#still.delete(id);
    }
  }

  /** Whether something of a track should be arriving all the time, by what its sender has said. */
  flows(source: TrackSource): boolean {
    const track = this.bySource.get(source);
    // Who sends no notes says nothing of mute either.
    return (
      this.#notes !== undefined &&
      track !== undefined &&
      !track.muted &&
      !track.paused &&
      !this.#still.has(track.id)
    );
  }

  freeze(source: TrackSource, cause: FreezeCause | null): void {
    const track = this.bySource.get(source);
    if (track && track.frozen !== cause) {
      track.frozen = cause;
      this.#host.onFrozen(track);
    }
  }

  /** What a received track carries. */
  sourceOf(trackId: string | null): TrackSource | null {
    const received = [...this.bySource.values()].find(({ track }) => track.id === trackId);
    return received?.source ?? null;
  }

  /** Compares with what the connection receives now. */
  update(pc: RTCPeerConnection): void {
    const receiving = pc.getTransceivers().filter(isReceiving);
    const wanted = this.#notes ? this.#noted(receiving, this.#notes) : guess(receiving);
    for (const [source, track] of [...this.bySource]) {
      const next = wanted.get(source);
      if (next?.id !== track.id || next.track !== track.track) {
        this.bySource.delete(source);
        this.#host.onRemoved(track);
      }
    }
    for (const [source, { id, track }] of wanted) {
      if (!this.bySource.has(source)) {
        this.#add(source, id, track);
      }
    }
  }

  /** The peer is gone. */
  clear(): void {
    const tracks = [...this.bySource.values()];
    this.bySource.clear();
    for (const track of tracks) {
      this.#host.onRemoved(track);
    }
  }

  #add(source: TrackSource, id: string, track: MediaStreamTrack): void {
    const received: Received = {
      id,
      source,
      track,
      stream: new MediaStream([track]),
      muted: this.#mutes.get(id)?.muted ?? false,
      paused: this.#held.has(id),
      frozen: null,
    };
    this.bySource.set(source, received);
    this.#host.onAdded(received);
  }

  #noted(
    receiving: readonly RTCRtpTransceiver[],
    notes: readonly TrackNote[],
  ): Map<TrackSource, Wanted> {
    const wanted = new Map<TrackSource, Wanted>();
    for (const { mid, id, source } of notes) {
      const track = receiving.find((transceiver) => transceiver.mid === mid)?.receiver.track;
      if (track?.kind === kindOf(source) && !wanted.has(source)) {
        wanted.set(source, { id, track });
      }
    }
    return wanted;
  }
}

interface Wanted {
  readonly id: string;
  readonly track: MediaStreamTrack;
}

const GUESSES: readonly TrackSource[] = ['microphone', 'camera', 'screen-audio', 'screen'];

/** For a peer that says nothing about its tracks: first voice and camera, then the screen. */
function guess(receiving: readonly RTCRtpTransceiver[]): Map<TrackSource, Wanted> {
  const wanted = new Map<TrackSource, Wanted>();
  for (const { receiver } of receiving) {
    const { track } = receiver;
    const source = GUESSES.find((entry) => kindOf(entry) === track.kind && !wanted.has(entry));
    if (source) {
      wanted.set(source, { id: track.id, track });
    }
  }
  return wanted;
}

function isReceiving({ currentDirection }: RTCRtpTransceiver): boolean {
  return currentDirection === 'sendrecv' || currentDirection === 'recvonly';
}
