import { OtterError, toOtterError } from '../errors.js';
import { Sha256 } from '../util/sha256.js';
import { safeName, safeType } from './name.js';
import { parseFileFrame, REPORT_EVERY, WINDOW } from './protocol.js';
import { BlobStore, SinkStore, type Store } from './store.js';
import { Transfer } from './transfer.js';

/** What a transfer asks of its peer. */
export interface IncomingHost {
  peer(): string;
  accept(transfer: Incoming): void;
  /** Tells the sender that the file is not taken (any more). */
  reject(transfer: Incoming): void;
  /** Asks for the rest, from this byte on. */
  resume(transfer: Incoming, offset: number): void;
  done(transfer: Incoming, ok: boolean): void;
  pause(transfer: Incoming, paused: boolean): void;
  onOver(transfer: Incoming): void;
}

export interface Offer {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly mime: string;
}

/** A file on its way from one peer. */
export class Incoming extends Transfer {
  readonly direction = 'in';
  readonly #host: IncomingHost;
  readonly #hash = new Sha256();
  #store: Store | null = null;
  #channel: RTCDataChannel | null = null;
  #arrived = 0;
  #reported = 0;
  /** Writes to the store, one after the other. */
  #writes: Promise<void> = Promise.resolve();

  constructor({ id, name, size, mime }: Offer, host: IncomingHost) {
    super({ id, peer: () => host.peer(), name: safeName(name), size, type: safeType(mime) });
    this.#host = host;
  }

  override accept(sink?: WritableStream<Uint8Array>): void {
    if (this.state !== 'offered') {
      return;
    }
    // Throws for a stream that is locked already, which is the caller's mistake.
    this.#store = sink ? new SinkStore(sink) : new BlobStore(this.type);
    this.enter('active');
    this.#host.accept(this);
  }

  override cancel(): void {
    if (!this.over) {
      this.#host.reject(this);
      this.finish('cancelled', new OtterError('cancelled', 'The transfer was cancelled.'));
    }
  }

  override withdrawn(): void {
    this.finish('cancelled', new OtterError('cancelled', 'The peer has stopped the transfer.'));
  }

  /** The sender has opened the channel; false when none is expected. */
  use(channel: RTCDataChannel): boolean {
    if (this.state !== 'active' || this.#channel) {
      return false;
    }
    this.#channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#receive(data);
    };
    channel.onclose = () => {
      this.lost();
    };
    // What was reported on another channel may not have arrived.
    this.#reported = 0;
    this.resumed();
    return true;
  }

  protected override suspend(): void {
    this.#dropChannel();
    this.#host.resume(this, this.#arrived);
  }

  protected override tellPause(paused: boolean): void {
    this.#host.pause(this, paused);
  }

  protected override wake(): void {
    // It is the sender that stops.
  }

  #dropChannel(): void {
    if (this.#channel) {
      this.#channel.onmessage = null;
      this.#channel.onclose = null;
      this.#channel.close();
      this.#channel = null;
    }
  }

  #receive(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      this.#take(new Uint8Array(data));
      return;
    }
    const frame = parseFileFrame(data);
    if (frame?.type === 'start' && frame.offset !== this.#arrived) {
      // It was opened for something that was asked before: asks for the right part.
      this.interrupt();
    } else if (frame?.type === 'end') {
      this.#verify(frame.sha256);
    }
  }

  #take(bytes: Uint8Array<ArrayBuffer>): void {
    this.#arrived += bytes.length;
    if (this.#arrived > this.size) {
      this.abandon(new OtterError('too-long', 'The file is longer than the peer said.'));
      return;
    }
    if (this.#arrived - this.transferred > 2 * WINDOW) {
      this.abandon(new OtterError('too-fast', 'The peer does not wait for the receiver.'));
      return;
    }
    const upTo = this.#arrived;
    this.#hash.update(bytes);
    this.#enqueue(async (store) => {
      await store.write(bytes);
      this.progress(upTo);
      this.#report();
    });
  }

  #report(): void {
    if (this.transferred - this.#reported >= REPORT_EVERY || this.transferred === this.size) {
      this.#reported = this.transferred;
      this.#send({ type: 'received', bytes: this.#reported });
    }
  }

  #verify(expected: string): void {
    if (this.#arrived < this.size) {
      this.abandon(new OtterError('truncated', 'The file is shorter than the peer said.'));
      return;
    }
    this.#enqueue(async (store) => {
      const sha256 = this.#hash.digest();
      if (sha256 !== expected) {
        this.#send({ type: 'result', ok: false });
        this.#host.done(this, false);
        this.fail(new OtterError('hash-mismatch', 'The file did not arrive intact.'));
        return;
      }
      const blob = await store.close();
      this.#store = null;
      this.#send({ type: 'result', ok: true });
      // The channel may be lost with the result in it.
      this.#host.done(this, true);
      this.complete(blob ? { blob, sha256 } : { sha256 });
    });
  }

  #enqueue(step: (store: Store) => Promise<void>): void {
    this.#writes = this.#writes.then(async () => {
      if (this.over || !this.#store) {
        return;
      }
      try {
        await step(this.#store);
      } catch (error) {
        this.abandon(toOtterError(error, 'sink-failed'));
      }
    });
  }

  #send(frame: object): void {
    try {
      this.#channel?.send(JSON.stringify(frame));
    } catch {
      // The channel is closing, which ends the transfer by itself.
    }
  }

  protected override abandon(error: OtterError): void {
    if (!this.over) {
      this.#host.reject(this);
      this.fail(error);
    }
  }

  protected override release(): void {
    if (this.state !== 'done') {
      this.#store?.abort();
      this.#channel?.close();
    }
    this.#store = null;
    if (this.#channel) {
      this.#channel.onmessage = null;
      this.#channel.onclose = null;
    }
    this.#host.onOver(this);
  }
}
