import { vi } from 'vitest';

let count = 0;

/** A track, as far as the library looks at one. */
export class FakeTrack extends EventTarget {
  readonly id = `track-${++count}`;
  enabled = true;

  constructor(readonly kind: 'audio' | 'video') {
    super();
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
}

/** A fake track under the type that the library takes. */
export function fakeTrack(kind: 'audio' | 'video'): MediaStreamTrack {
  return new FakeTrack(kind) as unknown as MediaStreamTrack;
}

export function installMedia(): void {
  vi.stubGlobal('MediaStream', FakeStream);
}
