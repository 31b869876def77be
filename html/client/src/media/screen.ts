import { OtterError } from '../errors.js';
import type { Publication, ScreenHint, ScreenShare, ScreenShareOptions } from '../types.js';
import { deviceError } from './open.js';

/** Hints that browsers take and the standard's types do not list yet. */
interface DisplayOptions extends DisplayMediaStreamOptions {
  readonly selfBrowserSurface?: 'include' | 'exclude';
  readonly surfaceSwitching?: 'include' | 'exclude';
  readonly systemAudio?: 'include' | 'exclude';
}

/** Text moves seldom and must be sharp; a film must not stutter. */
const FRAME_RATES: Readonly<Record<ScreenHint, number>> = { detail: 15, motion: 30 };

type Publish = (track: MediaStreamTrack, source: 'screen' | 'screen-audio') => Publication;

/** Lets the user pick a screen, a window or a tab, and sends it. */
export async function shareScreen(
  { hint = 'detail', audio = true }: ScreenShareOptions,
  publish: Publish,
): Promise<ScreenShare> {
  const devices = navigator.mediaDevices as Partial<MediaDevices> | undefined;
  if (!devices?.getDisplayMedia) {
    throw new OtterError('unsupported', 'This browser cannot share a screen.');
  }
  const options: DisplayOptions = {
    video: { frameRate: { ideal: FRAME_RATES[hint], max: 30 } },
    // What the tab plays must arrive as it is.
    audio: audio && { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
    systemAudio: 'include',
  };
  const stream = await devices.getDisplayMedia(options).catch((error: unknown) => {
    throw deviceError(error);
  });
  return new Share(stream, hint, publish);
}

class Share implements ScreenShare {
  readonly stream: MediaStream;
  readonly ended: Promise<void>;
  readonly video: Publication;
  readonly audio: Publication | null;
  readonly #publications: Publication[] = [];
  #hint: ScreenHint;
  #over: () => void = () => undefined;

  constructor(stream: MediaStream, hint: ScreenHint, publish: Publish) {
    this.stream = stream;
    this.#hint = hint;
    this.ended = new Promise((resolve) => {
      this.#over = resolve;
    });
    try {
      const [video] = stream.getVideoTracks();
      const [audio] = stream.getAudioTracks();
      if (!video) {
        throw new OtterError('device-failed', 'The browser gave no picture.');
      }
      video.contentHint = hint;
      this.video = this.#publish(publish, video, 'screen');
      this.audio = audio ? this.#publish(publish, audio, 'screen-audio') : null;
      // The browser's own "Stop sharing" ends the track.
      video.addEventListener('ended', () => {
        this.stop();
      });
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  get hint(): ScreenHint {
    return this.#hint;
  }

  async setHint(hint: ScreenHint): Promise<void> {
    this.#hint = hint;
    this.video.track.contentHint = hint;
    await this.video.track.applyConstraints({
      frameRate: { ideal: FRAME_RATES[hint], max: 30 },
    });
  }

  stop(): void {
    for (const publication of this.#publications.splice(0)) {
      publication.unpublish();
    }
    for (const track of this.stream.getTracks()) {
      track.stop();
    }
    this.#over();
  }

  #publish(publish: Publish, track: MediaStreamTrack, source: 'screen' | 'screen-audio') {
    const publication = publish(track, source);
    this.#publications.push(publication);
    return publication;
  }
}
