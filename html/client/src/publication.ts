import { OtterError } from './errors.js';
import { openLike } from './media/open.js';
import { isSource, kindOf } from './peer/signals.js';
import type { Publication, TrackSource } from './types.js';
import { randomId } from './util/random.js';

/** What a publication tells the room. */
export interface PublicationHost {
  onMuted(publication: LocalPublication): void;
  onReplaced(publication: LocalPublication): Promise<void>;
  onEnded(publication: LocalPublication): void;
  onUnpublished(publication: LocalPublication): void;
}

/** A track that is sent to every peer. */
export class LocalPublication implements Publication {
  readonly id = randomId(8);
  readonly source: TrackSource;
  /** Tracks that belong together, such as voice and camera, share a stream to play in step. */
  readonly stream: MediaStream;
  readonly #host: PublicationHost;
  #track: MediaStreamTrack;
  #muted = false;
  #rev = 0;
  #live = true;

  constructor(
    track: MediaStreamTrack,
    source: TrackSource,
    stream: MediaStream,
    host: PublicationHost,
  ) {
    checkKind(track, source);
    this.source = source;
    this.stream = stream;
    this.#host = host;
    this.#track = track;
    this.#muted = !track.enabled;
    this.#watch(track);
  }

  get track(): MediaStreamTrack {
    return this.#track;
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** Counts the changes of `muted`. */
  get rev(): number {
    return this.#rev;
  }

  setMuted(muted: boolean): void {
    this.#track.enabled = !muted;
    if (!this.#live || muted === this.#muted) {
      return;
    }
    this.#muted = muted;
    this.#rev++;
    this.#host.onMuted(this);
  }

  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    checkKind(track, this.source);
    track.enabled = !this.#muted;
    this.#track = track;
    this.#watch(track);
    if (this.#live) {
      await this.#host.onReplaced(this);
    }
  }

  async switchDevice(deviceId: string): Promise<void> {
    const old = this.#track;
    const track = await openLike(old, deviceId);
    if (!this.#live || this.#track !== old) {
      // Something else has happened meanwhile, and that is what counts.
      track.stop();
      return;
    }
    track.contentHint = old.contentHint;
    await this.replaceTrack(track);
    old.stop();
  }

  unpublish(): void {
    if (this.#live) {
      this.#live = false;
      this.#host.onUnpublished(this);
    }
  }

  #watch(track: MediaStreamTrack): void {
    track.addEventListener('ended', () => {
      if (this.#live && track === this.#track) {
        this.#host.onEnded(this);
      }
    });
  }
}

function checkKind(track: MediaStreamTrack, source: TrackSource): void {
  if (!isSource(source)) {
    throw new OtterError('invalid-argument', 'This is no name of a source.');
  }
  if (track.kind !== kindOf(source)) {
    throw new OtterError('invalid-argument', `A track of kind ${track.kind} is no ${source}.`);
  }
}
