/** The speed is that of the last few seconds. */
const WINDOW_MS = 5000;

/** Anything shorter says little. */
const LEAST_MS = 1000;

export interface Rate {
  /** Bytes a second. */
  readonly speed: number;
  /** Milliseconds until the end, null where nothing moves. */
  readonly left: number | null;
}

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** Tells from how far a file has come how fast it is. */
export class RateMeter {
  #samples: Sample[] = [];

  add(at: number, bytes: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && bytes < last.bytes) {
      this.#samples = [];
    }
    this.#samples.push({ at, bytes });
    // One older than that stays: the window begins between it and the next.
    while ((this.#samples[1]?.at ?? at) <= at - WINDOW_MS) {
      this.#samples.shift();
    }
  }

  /** After a stop, the time that it took is not the file's. */
  reset(): void {
    this.#samples = [];
  }

  /** Null until enough is known. */
  rate(size: number): Rate | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < LEAST_MS) {
      return null;
    }
    const speed = ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
    return { speed, left: speed > 0 ? ((size - last.bytes) * 1000) / speed : null };
  }
}
