/** Delays before the attempts to reconnect, in milliseconds; the last one repeats. */
const LADDER = [0, 300, 1200, 2700, 4800, 7000] as const;

/** Part of a rung by which it may be longer or shorter. */
const SPREAD = 0.25;

/** Added at random to every rung, so that the first one does not bring a herd at once either. */
const SCATTER = 150;

/** How long a socket must have lived for its loss to start the ladder from the bottom. */
export const STEADY_AFTER = 10_000;

/** The reconnect ladder with jitter. */
export class Backoff {
  readonly #random: () => number;
  #rung = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** How many delays were taken since the last reset. */
  get attempts(): number {
    return this.#rung;
  }

  /** The next delay. */
  next(): number {
    const base = LADDER[Math.min(this.#rung, LADDER.length - 1)] ?? 0;
    this.#rung++;
    const jitter = base * SPREAD * (2 * this.#random() - 1) + SCATTER * this.#random();
    return Math.max(0, Math.round(base + jitter));
  }

  reset(): void {
    this.#rung = 0;
  }
}
