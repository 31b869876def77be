/** Silence after which the socket is doubted. Servers ping at the same pace, unseen by pages. */
const IDLE = 25_000;

/** How long an answer may take. */
const PATIENCE = 5_000;

export interface LivenessHandlers {
  /** Sends something that the server answers. */
  ask(): void;
  /** No answer came. */
  onDead(): void;
}

/**
 * Finds sockets that hang. After a change of network a WebSocket stays open for minutes without a
 * byte passing, and a page can neither send a ping nor see one.
 */
export class Liveness {
  readonly #handlers: LivenessHandlers;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(handlers: LivenessHandlers) {
    this.#handlers = handlers;
  }

  start(): void {
    this.stop();
    this.#running = true;
    this.heard();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#idle);
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  /** Something has arrived. */
  heard(): void {
    if (!this.#running) {
      return;
    }
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.check();
    }, IDLE);
  }

  /** Asks now, for whoever has a reason to doubt. */
  check(patience = PATIENCE): void {
    if (!this.#running || this.#deadline !== undefined) {
      return;
    }
    this.#deadline = setTimeout(() => {
      this.stop();
      this.#handlers.onDead();
    }, patience);
    this.#handlers.ask();
  }
}
