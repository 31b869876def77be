import { OtterError } from '../errors.js';
import type { FileResult, FileTransfer, FileTransferEvents, FileTransferState } from '../types.js';
import { Emitter, type Off } from '../util/emitter.js';

/** From each state, those that may follow. */
const TRANSITIONS: Readonly<Record<FileTransferState, readonly FileTransferState[]>> = {
  offered: ['active', 'cancelled', 'failed'],
  active: ['done', 'cancelled', 'failed'],
  done: [],
  cancelled: [],
  failed: [],
};

export interface TransferOptions {
  readonly id: string;
  readonly peer: () => string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

/** How long a transfer waits for a connection: the ladder of recovery is through by then. */
const RESUME_WITHIN = 120_000;

/** A channel can close before the message that says why has come over the other one. */
const LOST_AFTER = 1_000;

/** What both directions of a file transfer have in common. */
export abstract class Transfer implements FileTransfer {
  abstract readonly direction: 'in' | 'out';
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly done: Promise<FileResult>;
  readonly #peer: () => string;
  readonly #events = new Emitter<FileTransferEvents>();
  #state: FileTransferState = 'offered';
  #transferred = 0;
  #error: OtterError | null = null;
  #resolve: (result: FileResult) => void = () => undefined;
  #reject: (error: OtterError) => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #interrupted = false;
  #paused: FileTransfer['paused'] = { here: false, there: false };

  constructor({ id, peer, name, size, type }: TransferOptions) {
    this.id = id;
    this.#peer = peer;
    this.name = name;
    this.size = size;
    this.type = type;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever watches `state` instead must not be told of an unhandled rejection.
    this.done.catch(() => undefined);
  }

  get peer(): string {
    return this.#peer();
  }

  get state(): FileTransferState {
    return this.#state;
  }

  get transferred(): number {
    return this.#transferred;
  }

  get waiting(): 'connection' | 'pause' | null {
    if (this.#state !== 'active') {
      return null;
    }
    if (this.#interrupted) {
      return 'connection';
    }
    return this.#paused.here || this.#paused.there ? 'pause' : null;
  }

  get paused(): FileTransfer['paused'] {
    return this.#paused;
  }

  get error(): OtterError | null {
    return this.#error;
  }

  /** Nothing more will happen. */
  get over(): boolean {
    return TRANSITIONS[this.#state].length === 0;
  }

  on<E extends keyof FileTransferEvents>(
    event: E,
    handler: (arg: FileTransferEvents[E]) => void,
  ): Off {
    return this.#events.on(event, handler);
  }

  abstract accept(sink?: WritableStream<Uint8Array>): void;

  abstract cancel(): void;

  pause(paused: boolean): void {
    if (this.#state === 'active' && paused !== this.#paused.here) {
      this.#change(() => {
        this.#paused = { ...this.#paused, here: paused };
      });
      this.tellPause(paused);
      this.wake();
    }
  }

  /** The other side holds it up, or goes on. */
  pausedByPeer(paused: boolean): void {
    if (paused === this.#paused.there) {
      return;
    }
    this.#change(() => {
      this.#paused = { ...this.#paused, there: paused };
    });
    this.wake();
  }

  /** The connection that it went over is gone; another one may come. */
  interrupt(): void {
    if (this.#state !== 'active') {
      return;
    }
    this.#change(() => {
      this.#interrupted = true;
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.abandon(new OtterError('connection-lost', 'The connection to the peer was lost.'));
    }, RESUME_WITHIN);
    this.suspend();
  }

  /** The other side has withdrawn. */
  abstract withdrawn(): void;

  /** Ends with an error that the application is told. */
  fail(error: OtterError): void {
    this.#error = this.over ? this.#error : error;
    this.finish('failed', error);
  }

  /** The channel has closed before the end. */
  protected lost(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.interrupt();
    }, LOST_AFTER);
  }

  /** There is a channel again. */
  protected resumed(): void {
    clearTimeout(this.#timer);
    this.#change(() => {
      this.#interrupted = false;
    });
  }

  #change(change: () => void): void {
    const before = { waiting: this.waiting, paused: this.#paused };
    change();
    if (this.waiting !== before.waiting || this.#paused !== before.paused) {
      this.#events.emit('state', this);
    }
  }

  protected enter(state: FileTransferState): boolean {
    if (!TRANSITIONS[this.#state].includes(state)) {
      return false;
    }
    this.#state = state;
    if (this.over) {
      clearTimeout(this.#timer);
    }
    this.#events.emit('state', this);
    return true;
  }

  protected progress(bytes: number): void {
    if (bytes > this.#transferred) {
      this.#transferred = bytes;
      this.#events.emit('progress', this);
    }
  }

  protected complete(result: FileResult): void {
    if (this.enter('done')) {
      this.#resolve(result);
      this.release();
    }
  }

  /** Ends without success. */
  protected finish(state: 'cancelled' | 'failed', error: OtterError): void {
    if (this.enter(state)) {
      this.#reject(error);
      this.release();
    }
  }

  /** Fails on this side and tells the other. */
  protected abstract abandon(error: OtterError): void;

  protected abstract tellPause(paused: boolean): void;

  /** Looks again whether to go on. */
  protected abstract wake(): void;

  /** Lets go of a channel that is of no use any more. */
  protected abstract suspend(): void;

  /** Lets go of what it holds; called once at the end. */
  protected abstract release(): void;
}
