import type { RecoveryStep } from '../types.js';

/** How long media may be interrupted before ICE is restarted; it often comes back by itself. */
const GRACE = 2_500;

/** The polite side waits this much longer, so that as a rule only one side acts. */
const DEFERENCE = 1_500;

/** How long each step may take to help before the next one, in milliseconds. */
const PATIENCE: Readonly<Record<Exclude<RecoveryStep, 'none'>, number>> = {
  grace: GRACE,
  'ice-restart': 6_000,
  rebuild: 10_000,
  rejoin: 8_000,
};

/** ICE restarts before the connection is built anew. */
const RESTARTS = 2;

/** Media that stands still though connected is no reason to build anew more often than this. */
const THAW_EVERY = 30_000;

/** From each step, those that may follow. */
export const STEPS: Readonly<Record<RecoveryStep, readonly RecoveryStep[]>> = {
  none: ['grace', 'ice-restart', 'rebuild'],
  grace: ['none', 'ice-restart'],
  'ice-restart': ['none', 'ice-restart', 'rebuild'],
  rebuild: ['none', 'rejoin', 'ice-restart', 'rebuild'],
  rejoin: ['none', 'ice-restart'],
};

export interface RecoveryHost {
  polite(): boolean;
  /** Whether signaling to the peer works; without it nothing can be mended. */
  reachable(): boolean;
  /** Restarts ICE, with ICE servers whose credentials are fresh. */
  restartIce(): void;
  /** Builds a new connection. */
  rebuild(): void;
  /** Gives the session up and joins the room anew, unless it was done a moment ago. */
  rejoin(): boolean;
  onStep(step: RecoveryStep): void;
}

/**
 * The ladder from a broken connection to a working one. Counted from the moment in which the browser
 * says `disconnected`, on the side that acts first:
 *
 * | after  | step                                                     |
 * | ------ | -------------------------------------------------------- |
 * | 0 s    | `grace`: a short fault mends itself                      |
 * | 2.5 s  | `ice-restart`, with fresh TURN credentials               |
 * | 8.5 s  | `ice-restart` once more                                  |
 * | 14.5 s | `rebuild`: a new connection, with all that was sent      |
 * | 24.5 s | `rejoin`: a new session                                  |
 * | 32.5 s | from `ice-restart` on again                              |
 *
 * A room is joined anew at most once a minute: in between, the connection is built anew instead.
 * `failed` skips the grace. The other side follows 1.5 s later at each step, unless what the first
 * did has helped. While the peer cannot be reached through the server no step is taken, and the one
 * that is due comes as soon as it can. `none` is where the ladder is left, at any time, when the
 * connection works.
 */
export class Recovery {
  readonly #host: RecoveryHost;
  #step: RecoveryStep = 'none';
  #restarts = 0;
  /** When the connection was last built anew because its media stood still. */
  #thawedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: RecoveryHost) {
    this.#host = host;
  }

  get step(): RecoveryStep {
    return this.#step;
  }

  update(connection: RTCPeerConnectionState): void {
    switch (connection) {
      case 'connected':
        this.stop();
        break;
      case 'disconnected':
        if (this.#step === 'none') {
          this.#enter('grace');
          this.#after(PATIENCE.grace);
        }
        break;
      case 'failed':
        if (this.#step === 'none' || this.#step === 'grace') {
          this.#after(0);
        }
        break;
      default:
    }
  }

  /** Acts at once where the connection is not known to work. */
  hasten(connection: RTCPeerConnectionState): void {
    if (connection === 'disconnected' || connection === 'failed') {
      this.#after(0);
    }
  }

  /**
   * Media stands still though the connection works, and has done so for a while since this was last
   * called: ICE is restarted the first time, the connection built anew the second.
   */
  frozen(): void {
    if (!this.#host.reachable() || this.#step === 'grace') {
      return;
    }
    if (this.#step === 'none') {
      this.#enter('ice-restart');
      this.#host.restartIce();
    } else if (Date.now() - this.#thawedAt >= THAW_EVERY) {
      this.#thawedAt = Date.now();
      this.#enter('rebuild');
      this.#host.rebuild();
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#restarts = 0;
    this.#enter('none');
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
    if (!this.#host.reachable()) {
      this.#after(PATIENCE['ice-restart']);
      return;
    }
    const wanted = this.#next();
    const next = wanted === 'rejoin' && !this.#host.rejoin() ? 'rebuild' : wanted;
    this.#enter(next);
    this.#after(PATIENCE[next]);
    if (next === 'rebuild') {
      this.#host.rebuild();
    } else if (next === 'ice-restart') {
      this.#restarts++;
      this.#host.restartIce();
    }
  }

  #next(): 'ice-restart' | 'rebuild' | 'rejoin' {
    switch (this.#step) {
      case 'ice-restart':
        return this.#restarts < RESTARTS ? 'ice-restart' : 'rebuild';
      case 'rebuild':
        return 'rejoin';
      default:
        this.#restarts = 0;
        return 'ice-restart';
    }
  }

  #enter(step: RecoveryStep): void {
    if (step !== this.#step && STEPS[this.#step].includes(step)) {
      this.#step = step;
      this.#host.onStep(step);
    }
  }
}
