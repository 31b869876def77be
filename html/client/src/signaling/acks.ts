/** Acknowledges at the latest after this many messages or this long. */
const EVERY_MESSAGES = 32;
const EVERY_MS = 5_000;

/** Tells the server now and then what has arrived, so that it can free its buffer. */
export class Acks {
  readonly #send: (seq: number) => void;
  #seen = 0;
  #acked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (seq: number) => void) {
    this.#send = send;
  }

  /** A message with this number has arrived. */
  seen(seq: number): void {
    this.#seen = seq;
    if (seq - this.#acked >= EVERY_MESSAGES) {
      this.#flush();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#flush();
    }, EVERY_MS);
  }

  /** Forgets what was seen: the socket is gone. The next one starts from `seq`. */
  reset(seq: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#seen = seq;
    this.#acked = seq;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#acked = this.#seen;
    this.#send(this.#seen);
  }
}
