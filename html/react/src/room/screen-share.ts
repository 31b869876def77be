import type { Publication, Room } from '@otter/client';
import { Store } from '../store.js';
import { type MediaProblem, mediaProblem } from '../media/problem.js';

/** Hints that browsers take and the standard's types do not list yet. */
interface DisplayOptions extends DisplayMediaStreamOptions {
  readonly selfBrowserSurface?: 'include' | 'exclude';
  readonly surfaceSwitching?: 'include' | 'exclude';
  readonly systemAudio?: 'include' | 'exclude';
}

const OPTIONS: DisplayOptions = {
  video: { frameRate: { ideal: 15, max: 30 } },
  audio: true,
  selfBrowserSurface: 'exclude',
  surfaceSwitching: 'include',
  systemAudio: 'include',
};

/** Phones can't share their screen from a page. */
export function canShareScreen(): boolean {
  const media = (navigator as Partial<Navigator>).mediaDevices as Partial<MediaDevices> | undefined;
  return typeof media?.getDisplayMedia === 'function';
}

/** This person's screen in a room: at most one. */
export class ScreenShare {
  /** The picture that is being shared, to be shown to its owner as well. */
  readonly stream = new Store<MediaStream | null>(null);
  readonly #room: Room;
  #publications: Publication[] = [];
  #asking = false;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Answers null when sharing, or the problem. A person who closes the picker made no mistake. */
  async start(): Promise<MediaProblem | 'dismissed' | null> {
    if (this.#asking || this.stream.get() !== null) {
      return null;
    }
    this.#asking = true;
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia(OPTIONS);
      if (this.#room.state === 'closed') {
        this.#stopTracks(stream);
        return null;
      }
      this.#publish(stream);
      return null;
    } catch (error) {
      const problem = mediaProblem(error);
      return problem === 'denied' ? 'dismissed' : problem;
    } finally {
      this.#asking = false;
    }
  }

  readonly stop = (): void => {
    const stream = this.stream.get();
    if (stream === null) {
      return;
    }
    for (const publication of this.#publications.splice(0)) {
      publication.unpublish();
    }
    this.#stopTracks(stream);
    this.stream.set(null);
  };

  #publish(stream: MediaStream): void {
    for (const track of stream.getTracks()) {
      const video = track.kind === 'video';
      if (video) {
        track.contentHint = 'detail';
        // The browser's own "Stop sharing" button ends the track.
        track.addEventListener('ended', this.stop);
      }
      const source = video ? 'screen' : 'screen-audio';
      this.#publications.push(this.#room.publish(track, { source }));
    }
    this.stream.set(stream);
  }

  #stopTracks(stream: MediaStream): void {
    for (const track of stream.getTracks()) {
      track.stop();
    }
  }
}
