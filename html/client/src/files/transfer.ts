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
  #lostTimer: ReturnType<typeof setTimeout> | undefined;

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

  /** The other side has withdrawn. */
  abstract withdrawn(): void;

  /** Ends with an error that the application is told. */
  fail(error: OtterError): void {
    this.#error = this.over ? this.#error : error;
    this.finish('failed', error);
  }

  /** The channel has closed before the end. */
  protected lost(): void {
    this.#lostTimer = setTimeout(() => {
      this.fail(new OtterError('connection-lost', 'The connection to the peer was lost.'));
    }, LOST_AFTER);
  }

  protected enter(state: FileTransferState): boolean {
    if (!TRANSITIONS[this.#state].includes(state)) {
      return false;
    }
    this.#state = state;
    if (this.over) {
      clearTimeout(this.#lostTimer);
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

  /** Lets go of what it holds; called once at the end. */
  protected abstract release(): void;
}
