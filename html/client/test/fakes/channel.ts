/** One end of a data channel. */
export class FakeChannel {
  readyState: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  binaryType = 'arraybuffer';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onbufferedamountlow: (() => void) | null = null;
  other: FakeChannel | null = null;
  /** Everything sent; for what a test wants to know. */
  readonly sent: unknown[] = [];
  /** Most that was ever buffered. */
  peak = 0;

  constructor(
    readonly label: string,
    readonly id: number | null = null,
  ) {}

  send(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void {
    if (this.readyState !== 'open') {
      throw new DOMException('not open', 'InvalidStateError');
    }
    const copy = copyOf(data);
    const size = typeof copy === 'string' ? copy.length : copy.byteLength;
    this.sent.push(copy);
    this.bufferedAmount += size;
    this.peak = Math.max(this.peak, this.bufferedAmount);
    setTimeout(() => {
      this.#deliver(copy, size);
    });
  }

  close(): void {
    if (this.readyState === 'closed' || this.readyState === 'closing') {
      return;
    }
    this.readyState = 'closing';
    setTimeout(() => {
      this.end();
      this.other?.end();
    });
  }

  open(): void {
    if (this.readyState === 'connecting') {
      this.readyState = 'open';
      this.onopen?.();
    }
  }

  end(): void {
    if (this.readyState !== 'closed') {
      this.readyState = 'closed';
      this.onclose?.();
    }
  }

  #deliver(data: unknown, size: number): void {
    const before = this.bufferedAmount;
    this.bufferedAmount -= size;
    if (this.other?.readyState === 'open') {
      this.other.onmessage?.({ data });
    }
    const low = this.bufferedAmountLowThreshold;
    if (before > low && this.bufferedAmount <= low) {
      this.onbufferedamountlow?.();
    }
  }
}

function copyOf(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): string | ArrayBuffer {
  if (typeof data === 'string') {
    return data;
  }
  return data instanceof ArrayBuffer
    ? data.slice(0)
    : data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
}

/** Joins two ends and opens both. */
export function joinChannels(a: FakeChannel, b: FakeChannel): void {
  a.other = b;
  b.other = a;
  a.open();
  b.open();
}

/** Two open ends, under the type that the library takes. */
export function channelPair(label: string): [FakeChannel, FakeChannel] {
  const pair: [FakeChannel, FakeChannel] = [new FakeChannel(label), new FakeChannel(label)];
  joinChannels(...pair);
  return pair;
}

export function asChannel(channel: FakeChannel): RTCDataChannel {
  return channel as unknown as RTCDataChannel;
}
