import { vi } from 'vitest';

let count = 0;

/** A track, as far as the library looks at one. */
export class FakeTrack extends EventTarget {
  readonly id = `track-${++count}`;
  enabled = true;
  contentHint = '';
  readyState: 'live' | 'ended' = 'live';

  constructor(
    readonly kind: 'audio' | 'video',
    readonly constraints: MediaTrackConstraints = {},
  ) {
    super();
  }

  getConstraints(): MediaTrackConstraints {
    return this.constraints;
  }

  getSettings(): MediaTrackSettings {
    return this.kind === 'video' ? { height: 720, frameRate: 30 } : {};
  }

  applyConstraints(): Promise<void> {
    return Promise.resolve();
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** Ends by itself, as when its device is unplugged. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

export class FakeStream {
  readonly id = `stream-${++count}`;
  readonly #tracks: readonly unknown[];

  constructor(tracks: readonly unknown[] = []) {
    this.#tracks = tracks;
  }

  getTracks(): readonly unknown[] {
    return this.#tracks;
  }

  getVideoTracks(): readonly unknown[] {
    return this.#tracks.filter((track) => (track as FakeTrack).kind === 'video');
  }

  getAudioTracks(): readonly unknown[] {
    return this.#tracks.filter((track) => (track as FakeTrack).kind === 'audio');
  }
}

/** A fake track under the type that the library takes. */
export function fakeTrack(kind: 'audio' | 'video'): MediaStreamTrack {
  return new FakeTrack(kind) as unknown as MediaStreamTrack;
}

type Capture = (constraints: MediaStreamConstraints) => readonly FakeTrack[];

/** Devices, and what is asked of them; tests say what comes. */
export const devices: { user: Capture; display: Capture } = { user: () => [], display: () => [] };

export function installMedia(): void {
  vi.stubGlobal('MediaStream', FakeStream);
  const capture =
    (source: 'user' | 'display') =>
    (constraints: MediaStreamConstraints): Promise<FakeStream> =>
      // What throws becomes a rejection.
      Promise.resolve().then(() => new FakeStream(devices[source](constraints)));
  vi.stubGlobal('navigator', {
    mediaDevices: { getUserMedia: capture('user'), getDisplayMedia: capture('display') },
  });
}
