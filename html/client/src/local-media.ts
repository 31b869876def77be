import { OtterError } from './errors.js';
import { LocalPublication, type PublicationHost } from './publication.js';
import type { TrackSource } from './types.js';

export interface LocalMediaHost {
  /** The set of publications or one of their tracks has changed; resolves when it is sent. */
  onChanged(): Promise<void>;
  onMuted(publication: LocalPublication): void;
  /** Its track has ended by itself. */
  onEnded(publication: LocalPublication): void;
}

/** What this side sends to every peer. */
export class LocalMedia {
  readonly publications = new Set<LocalPublication>();
  readonly #host: PublicationHost;
  /** Voice and camera play in step, and so do a screen and its sound. */
  readonly #user = new MediaStream();
  readonly #screen = new MediaStream();

  constructor(host: LocalMediaHost) {
    this.#host = {
      onMuted: (publication) => {
        host.onMuted(publication);
      },
      onEnded: (publication) => {
        host.onEnded(publication);
      },
      onReplaced: () => host.onChanged(),
      onUnpublished: (publication) => {
        this.publications.delete(publication);
        void host.onChanged();
      },
    };
  }

  publish(track: MediaStreamTrack, source: TrackSource): LocalPublication {
    this.mustBeFree(source);
    if ([...this.publications].some((publication) => publication.track === track)) {
      throw new OtterError('invalid-argument', 'This track is published already: clone it.');
    }
    const publication = new LocalPublication(track, source, this.#streamFor(source), this.#host);
    this.publications.add(publication);
    void this.#host.onReplaced(publication);
    return publication;
  }

  /** Throws when there is a publication of this source. */
  mustBeFree(source: TrackSource): void {
    if ([...this.publications].some((publication) => publication.source === source)) {
      throw new OtterError('invalid-argument', `There is a ${source} already.`);
    }
  }

  #streamFor(source: TrackSource): MediaStream {
    switch (source) {
      case 'microphone':
      case 'camera':
        return this.#user;
      case 'screen':
      case 'screen-audio':
        return this.#screen;
      default:
        return new MediaStream();
    }
  }
}
