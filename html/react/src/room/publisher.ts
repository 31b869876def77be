import type { Publication, Room } from '@otter/client';
import type { Kind, LocalMedia, Source } from '../media/local-media.js';

/** Sends this person's microphone and camera into a room, and follows every change of them. */
export class Publisher {
  readonly #room: Room;
  readonly #media: LocalMedia;
  readonly #publications = new Map<Kind, Publication>();

  constructor(room: Room, media: LocalMedia) {
    this.#room = room;
    this.#media = media;
  }

  /** Begins to follow; the function it answers ends that, and takes back what was sent. */
  start(): () => void {
    const sync = (): void => {
      const { microphone, camera } = this.#media.state.get();
      this.#follow('microphone', microphone);
      this.#follow('camera', camera);
    };
    const fit = (): void => {
      void this.#media.fitTo(this.#room.peers.size);
    };
    sync();
    fit();
    const off = [
      this.#media.state.subscribe(sync),
      this.#room.on('peer-joined', fit),
      this.#room.on('peer-left', fit),
    ];
    return () => {
      for (const stop of off) {
        stop();
      }
      for (const publication of this.#publications.values()) {
        publication.unpublish();
      }
      this.#publications.clear();
    };
  }

  #follow(kind: Kind, source: Source): void {
    const { track, on } = source;
    const publication = this.#publications.get(kind);
    if (publication === undefined) {
      if (track !== null) {
        this.#publish(kind, track, on);
      }
      return;
    }
    if (track === null) {
      publication.setMuted(true);
    } else if (publication.track === track) {
      publication.setMuted(!on);
    } else {
      void this.#replace(kind, publication, track);
    }
  }

  #publish(kind: Kind, track: MediaStreamTrack, on: boolean): void {
    const publication = this.#room.publish(track, { source: kind });
    this.#publications.set(kind, publication);
    if (!on) {
      publication.setMuted(true);
    }
  }

  async #replace(kind: Kind, publication: Publication, track: MediaStreamTrack): Promise<void> {
    try {
      await publication.replaceTrack(track);
    } catch {
      // What can't be replaced in place is sent anew.
      publication.unpublish();
      this.#publications.delete(kind);
    }
    // The person may have gone on switching meanwhile: what holds now is what counts.
    const now = this.#media.state.get()[kind];
    if (now.track === track) {
      this.#follow(kind, now);
    }
  }
}
