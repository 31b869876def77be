import type { TrackSource } from '../types.js';

/** Finds tracks of this side whose source stands still, from one reading to the next. */
export class Stillness {
  #before: ReadonlyMap<TrackSource, number | null> = new Map();
  readonly #still = new Set<TrackSource>();

  /** Takes how far each source has come; gives those that have stopped or moved on since. */
  take(progress: ReadonlyMap<TrackSource, number | null>): ReadonlyMap<TrackSource, boolean> {
    const changed = new Map<TrackSource, boolean>();
    for (const [source, value] of progress) {
      const before = this.#before.get(source);
      // Where a browser does not tell, a screen counts as one on which nothing moves.
      const still = value === null ? source === 'screen' : before !== undefined && before === value;
      if (still !== this.#still.has(source)) {
        this.#still[still ? 'add' : 'delete'](source);
        changed.set(source, still);
      }
    }
    this.#before = progress;
    return changed;
  }
}
