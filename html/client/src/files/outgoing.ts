import { OtterError, toOtterError } from '../errors.js';
import { Sha256 } from '../util/sha256.js';
import { parseFileFrame, WINDOW } from './protocol.js';
import { Transfer } from './transfer.js';

/** What a transfer asks of its peer. */
export interface OutgoingHost {
  peer(): string;
  offer(transfer: Outgoing): void;
  withdraw(transfer: Outgoing): void;
  /** Opens the channel of this transfer, and says how long a message may be. */
  open(transfer: Outgoing): { readonly channel: RTCDataChannel; readonly maxMessage: number };
  pause(transfer: Outgoing, paused: boolean): void;
  /** The transfer is over. */
  onOver(transfer: Outgoing): void;
}

/** Read from the file at once. */
const BLOCK = 1024 * 1024;

/** Buffered in the channel at most, and when to go on. */
const HIGH_WATER = 2 * 1024 * 1024;
const LOW_WATER = 512 * 1024;

const MIN_CHUNK = 16 * 1024;
const MAX_CHUNK = 256 * 1024;

/** How long the receiver may take to check the digest and answer. */
const RESULT_TIMEOUT = 60_000;

/** The length of the messages that a file is cut into. */
export function chunkSize(maxMessage: number): number {
  const limit = Number.isFinite(maxMessage) && maxMessage > 0 ? maxMessage : MAX_CHUNK;
  return Math.max(Math.min(MIN_CHUNK, limit), Math.min(MAX_CHUNK, Math.floor(limit)));
}

/** A file on its way to one peer. */
export class Outgoing extends Transfer {
  readonly direction = 'out';
  readonly #file: File;
  readonly #host: OutgoingHost;
  #channel: RTCDataChannel | null = null;
  #sent = 0;
  readonly #hash = new Sha256();
  /** Bytes that went into the digest: what is sent again does not go into it again. */
  #hashed = 0;
  /** Goes on with sending when there is room again. */
  #wake: () => void = () => undefined;
  #digest = '';
  #resultTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string, file: File, host: OutgoingHost) {
    super({ id, peer: () => host.peer(), name: file.name, size: file.size, type: file.type });
    this.#file = file;
    this.#host = host;
    host.offer(this);
  }

  override accept(): void {
    // Taking a file is the receiver's part.
  }

  override cancel(): void {
    if (!this.over) {
      this.#host.withdraw(this);
      this.finish('cancelled', new OtterError('cancelled', 'The transfer was cancelled.'));
    }
  }

  override withdrawn(): void {
    const code = this.state === 'offered' ? 'declined' : 'cancelled';
    this.finish('cancelled', new OtterError(code, 'The peer does not take the file.'));
  }

  /** The peer takes the file. */
  accepted(): void {
    if (this.enter('active')) {
      this.#open(0);
    }
  }

  /** The peer has a channel no more, and wants the rest from this byte on. */
  resume(offset: number): void {
    if (this.state !== 'active') {
      return;
    }
    if (offset > this.#sent) {
      this.abandon(new OtterError('protocol-error', 'The peer has more than was sent.'));
      return;
    }
    this.#dropChannel();
    this.#open(offset);
  }

  /** The peer has all of it. */
  delivered(ok: boolean): void {
    if (this.#digest === '') {
      return;
    }
    if (ok) {
      this.progress(this.size);
      this.complete({ sha256: this.#digest });
    } else {
      this.fail(new OtterError('hash-mismatch', 'The file did not arrive intact.'));
    }
  }

  #open(offset: number): void {
    this.#sent = offset;
    this.progress(offset);
    try {
      const { channel, maxMessage } = this.#host.open(this);
      this.#use(channel, chunkSize(maxMessage));
      this.resumed();
    } catch (error) {
      this.abandon(toOtterError(error, 'connection-lost'));
    }
  }

  protected override suspend(): void {
    this.#dropChannel();
  }

  protected override tellPause(paused: boolean): void {
    this.#host.pause(this, paused);
  }

  protected override wake(): void {
    this.#wake();
  }

  #use(channel: RTCDataChannel, chunk: number): void {
    this.#channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = LOW_WATER;
    channel.onbufferedamountlow = () => {
      this.#wake();
    };
    channel.onopen = () => {
      this.#send(channel, chunk).catch((error: unknown) => {
        this.abandon(toOtterError(error, 'file-unreadable'));
      });
    };
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#receive(data);
    };
    channel.onclose = () => {
      this.#wake();
      this.lost();
    };
  }

  /** Sends what has not been sent yet, as long as the channel is the one in use. */
  async #send(channel: RTCDataChannel, chunk: number): Promise<void> {
    channel.send(JSON.stringify({ type: 'start', offset: this.#sent }));
    while (this.#sent < this.size) {
      const at = this.#sent;
      const slice = this.#file.slice(at, Math.min(at + BLOCK, this.size));
      const block = new Uint8Array(await slice.arrayBuffer());
      if (!this.#uses(channel)) {
        return;
      }
      this.#count(block, at);
      for (let from = 0; from < block.length; from += chunk) {
        await this.#room(channel);
        if (!this.#uses(channel)) {
          return;
        }
        const piece = block.subarray(from, from + chunk);
        channel.send(piece);
        this.#sent += piece.length;
      }
    }
    this.#digest = this.#hash.digest();
    channel.send(JSON.stringify({ type: 'end', sha256: this.#digest }));
    this.#resultTimer = setTimeout(() => {
      this.abandon(new OtterError('connection-lost', 'The peer did not confirm the file.'));
    }, RESULT_TIMEOUT);
  }

  #uses(channel: RTCDataChannel): boolean {
    return !this.over && this.#channel === channel && channel.readyState === 'open';
  }

  /** Takes into the digest what of a block is not in it yet. */
  #count(block: Uint8Array, at: number): void {
    if (at + block.length > this.#hashed) {
      this.#hash.update(block.subarray(this.#hashed - at));
      this.#hashed = at + block.length;
    }
  }

  /** Waits until neither the channel nor the receiver has too much to do, and nobody holds it up. */
  async #room(channel: RTCDataChannel): Promise<void> {
    while (
      this.#uses(channel) &&
      (this.waiting === 'pause' ||
        channel.bufferedAmount > HIGH_WATER ||
        this.#sent - this.transferred >= WINDOW)
    ) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #receive(data: unknown): void {
    const frame = parseFileFrame(data);
    if (frame?.type === 'received') {
      this.progress(Math.min(frame.bytes, this.#sent));
      this.#wake();
    } else if (frame?.type === 'result') {
      this.delivered(frame.ok);
    }
  }

  #dropChannel(): void {
    clearTimeout(this.#resultTimer);
    if (this.#channel) {
      this.#channel.onopen = null;
      this.#channel.onmessage = null;
      this.#channel.onclose = null;
      this.#channel.onbufferedamountlow = null;
      this.#channel.close();
      this.#channel = null;
    }
    this.#wake();
  }

  protected override abandon(error: OtterError): void {
    if (!this.over) {
      this.#host.withdraw(this);
      this.fail(error);
    }
  }

  protected override release(): void {
    this.#dropChannel();
    this.#host.onOver(this);
  }
}
