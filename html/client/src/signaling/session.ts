import { Acks } from './acks.js';
import { Outbox } from './outbox.js';
import type { ClientMessage, Frame, Welcome } from './wire.js';

/**
 * How a `welcome` came about. `lossy`: the session goes on, but some message of this side may not
 * have arrived; `rejoined`: a new session, and whatever was under way in the old one is lost.
 */
export type Continuity = 'joined' | 'resumed' | 'lossy' | 'rejoined';

/** What a frame is to this session. `internal`: taken here; `hole`: frames before it are missing. */
export type Arrival = 'new' | 'internal' | 'duplicate' | 'hole' | 'broken';

const PROBE = 'otter-probe-';

/** The numbers of a session in both directions, across its sockets. */
export class Session {
  readonly #outbox = new Outbox();
  readonly #acks: Acks;
  #resume: string | null = null;
  #welcomed = false;
  #seq = 0;
  /** Holes found since a message was last taken: a second one is not mended by resuming. */
  #holes = 0;

  constructor(ack: (seq: number) => void) {
    this.#acks = new Acks(ack);
  }

  /** Whether a welcome has ever come. */
  get welcomed(): boolean {
    return this.#welcomed;
  }

  get resumable(): boolean {
    return this.#resume !== null;
  }

  /** Gives the session up: the next welcome begins a new one. */
  forget(): void {
    this.#resume = null;
  }

  /** The address that continues the session or begins one. */
  address(base: string): string {
    const url = new URL(base);
    if (this.#resume === null) {
      this.#seq = 0;
      this.#holes = 0;
    } else {
      url.searchParams.set('resume', this.#resume);
      url.searchParams.set('seq', String(this.#seq));
    }
    return url.href;
  }

  /** Counts and keeps a message; returns its text. */
  record(message: ClientMessage, sent: boolean): string {
    const text = JSON.stringify(message);
    const durable = message.type === 'message' || message.type === 'update';
    this.#outbox.add(text, { sent, durable });
    return text;
  }

  /** A signal to nobody: the one message that every server answers, by `no-such-peer`. */
  probe(): ClientMessage {
    const number = this.#outbox.last + 1;
    return { type: 'signal', to: '-', data: null, ref: PROBE + String(number) };
  }

  /** Counts a message of the server. */
  accept({ seq, message }: Frame): Arrival {
    if (seq <= this.#seq) {
      return 'duplicate';
    }
    if (seq > this.#seq + 1 && message.type !== 'resync') {
      // The server has what is missing, unless it is at fault itself.
      this.#holes++;
      return this.#holes > 1 ? 'broken' : 'hole';
    }
    this.#seq = seq;
    this.#holes = 0;
    this.#acks.seen(seq);
    return message.type === 'error' && this.#isProbe(message.ref) ? 'internal' : 'new';
  }

  /** Takes a welcome; returns what to send first on its socket. */
  welcome(
    seq: number,
    welcome: Welcome,
  ): { readonly texts: readonly string[]; readonly continuity: Continuity } {
    const resumed = welcome.resumed && this.#resume !== null;
    const first = !this.#welcomed;
    this.#welcomed = true;
    this.#resume = welcome.resume;
    this.#seq = seq;
    this.#acks.reset(seq);
    if (!resumed) {
      return { texts: this.#outbox.restart(), continuity: first ? 'joined' : 'rejoined' };
    }
    const { texts, lossy } = this.#outbox.resume(welcome.received);
    return { texts, continuity: lossy ? 'lossy' : 'resumed' };
  }

  /** The socket is gone. */
  pause(): void {
    this.#acks.reset(this.#seq);
  }

  #isProbe(ref: unknown): boolean {
    if (typeof ref !== 'string' || !ref.startsWith(PROBE)) {
      return false;
    }
    // What was sent before the probe on the same socket has arrived too.
    this.#outbox.confirm(Number(ref.slice(PROBE.length)));
    return true;
  }
}
