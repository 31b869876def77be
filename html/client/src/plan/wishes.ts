import type { TrackSource } from '../types.js';
import { type Wish, RUNGS, rungFor } from './plan.js';

/** A smaller picture is asked for only after so long: sizes change while a window is dragged. */
const LOWER_AFTER = 2_000;

const NONE: Wish = { height: null, paused: false };

/**
 * What this side can use of each track of one peer. More is asked for at once, less after a while,
 * in steps of the rungs that pictures have anyway.
 */
export class Wishes {
  readonly #send: (source: TrackSource, wish: Wish) => void;
  readonly #sent = new Map<TrackSource, Wish>();
  readonly #wanted = new Map<TrackSource, Wish>();
  readonly #timers = new Map<TrackSource, ReturnType<typeof setTimeout>>();

  constructor(send: (source: TrackSource, wish: Wish) => void) {
    this.#send = send;
  }

  /** What was said last; whether nothing is to come is up to this side. */
  paused(source: TrackSource): boolean {
    return (this.#sent.get(source) ?? NONE).paused;
  }

  want(source: TrackSource, { height, paused }: Partial<Wish>): void {
    const rung = height == null ? null : RUNGS[rungFor(height)];
    const wish: Wish = { height: rung?.height ?? null, paused: paused ?? false };
    const sent = this.#sent.get(source) ?? NONE;
    this.#wanted.set(source, wish);
    if (same(wish, sent)) {
      this.#cancel(source);
    } else if (isMore(wish, sent)) {
      this.#tell(source);
    } else if (!this.#timers.has(source)) {
      this.#timers.set(
        source,
        setTimeout(() => {
          this.#tell(source);
        }, LOWER_AFTER),
      );
    }
  }

  close(): void {
    for (const source of this.#timers.keys()) {
      this.#cancel(source);
    }
  }

  #cancel(source: TrackSource): void {
    clearTimeout(this.#timers.get(source));
    this.#timers.delete(source);
  }

  #tell(source: TrackSource): void {
    this.#cancel(source);
    const wish = this.#wanted.get(source) ?? NONE;
    this.#sent.set(source, wish);
    this.#send(source, wish);
  }
}

function same(a: Wish, b: Wish): boolean {
  return a.height === b.height && a.paused === b.paused;
}

function isMore(wish: Wish, than: Wish): boolean {
  if (wish.paused !== than.paused) {
    return !wish.paused;
  }
  return !wish.paused && (wish.height ?? Infinity) > (than.height ?? Infinity);
}
