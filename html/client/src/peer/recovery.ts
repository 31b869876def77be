/** How long media may be interrupted before ICE is restarted; it often comes back by itself. */
const GRACE = 2_500;

/** Between one attempt and the next. */
const RETRY = 6_000;

/** The polite side waits this much longer, so that as a rule only one side acts. */
const DEFERENCE = 1_500;

/** ICE restarts before the connection is built anew. */
const RESTARTS = 3;

export interface RecoveryHost {
  polite(): boolean;
  /** Whether signaling to the peer works; without it nothing can be mended. */
  reachable(): boolean;
  restartIce(): void;
  /** Builds a new connection. */
  rebuild(): void;
}

/**
 * The ladder from a broken connection to a working one: wait a moment, restart ICE up to three
 * times, build a new connection, begin again.
 *
 * - `steady`: connected, or on the way to it for the first time.
 * - `grace`: interrupted a moment ago.
 * - `mending`: something was done about it; more follows unless it helps.
 */
export class Recovery {
  readonly #host: RecoveryHost;
  #state: 'steady' | 'grace' | 'mending' = 'steady';
  #restarts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: RecoveryHost) {
    this.#host = host;
  }

  update(connection: RTCPeerConnectionState): void {
    switch (connection) {
      case 'connected':
        this.stop();
        break;
      case 'disconnected':
        if (this.#state === 'steady') {
          this.#state = 'grace';
          this.#after(GRACE);
        }
        break;
      case 'failed':
        if (this.#state !== 'mending') {
          this.#state = 'mending';
          this.#after(0);
        }
        break;
      default:
    }
  }

  /** Acts at once where the connection is not known to work. */
  hasten(connection: RTCPeerConnectionState): void {
    if (connection === 'disconnected' || connection === 'failed') {
      this.#state = 'mending';
      this.#after(0);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#state = 'steady';
    this.#restarts = 0;
  }

  #after(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#act();
      },
      delay + (this.#host.polite() ? DEFERENCE : 0),
    );
  }

  #act(): void {
    this.#state = 'mending';
    if (this.#host.reachable()) {
      if (this.#restarts < RESTARTS) {
        this.#restarts++;
        this.#host.restartIce();
      } else {
        this.#restarts = 0;
        this.#host.rebuild();
      }
    }
    this.#after(RETRY);
  }
}
