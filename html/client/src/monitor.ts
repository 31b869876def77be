/** Milliseconds between two readings of every connection. */
export const PERIOD = 2_000;

/** Looks at something again and again, never twice at the same time. */
export class Monitor {
  readonly #look: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = true;

  constructor(look: () => Promise<void>) {
    this.#look = look;
    this.#schedule();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      void this.#look().finally(() => {
        if (this.#running) {
          this.#schedule();
        }
      });
    }, PERIOD);
  }
}
