import { vi } from 'vitest';

/** What the far end of a fake socket does. */
export interface FarEnd {
  /** A page has called `new WebSocket`; the socket is not open yet. */
  onConnect?(socket: FakeWebSocket): void;
  onMessage?(socket: FakeWebSocket, message: Record<string, unknown>): void;
  /** The page has closed. */
  onClose?(socket: FakeWebSocket): void;
}

/** A WebSocket whose far end is the test. */
export class FakeWebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  static all: FakeWebSocket[] = [];
  static farEnd: FarEnd = {};

  readonly sent: Record<string, unknown>[] = [];
  readonly url: URL;
  readonly protocols: readonly string[];
  readyState = FakeWebSocket.CONNECTING;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  /** Bytes go nowhere and nothing is reported, as after a change of network. */
  hung = false;

  constructor(url: string, protocols: readonly string[]) {
    if (protocols.some((protocol) => /[^\w.!#$%&'*+^`|~-]/.test(protocol))) {
      throw new SyntaxError('bad subprotocol');
    }
    this.url = new URL(url);
    this.protocols = protocols;
    FakeWebSocket.all.push(this);
    FakeWebSocket.farEnd.onConnect?.(this);
  }

  static get last(): FakeWebSocket {
    const last = FakeWebSocket.all.at(-1);
    if (!last) {
      throw new Error('no socket was opened');
    }
    return last;
  }

  send(text: string): void {
    if (this.readyState !== FakeWebSocket.OPEN) {
      throw new Error('send on a socket that is not open');
    }
    if (!this.hung) {
      const message = JSON.parse(text) as Record<string, unknown>;
      this.sent.push(message);
      FakeWebSocket.farEnd.onMessage?.(this, message);
    }
  }

  close(): void {
    if (this.readyState >= FakeWebSocket.CLOSING) {
      return;
    }
    this.readyState = FakeWebSocket.CLOSING;
    if (!this.hung) {
      FakeWebSocket.farEnd.onClose?.(this);
      setTimeout(() => {
        this.end(1000);
      });
    }
  }

  /** The handshake has succeeded. */
  open(): void {
    this.readyState = FakeWebSocket.OPEN;
  }

  /** The far end sends. */
  say(message: unknown): void {
    if (this.readyState === FakeWebSocket.OPEN && !this.hung) {
      this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
    }
  }

  /** The socket ends; 1006 before `open` is a refused handshake. */
  end(code: number): void {
    if (this.readyState !== FakeWebSocket.CLOSED) {
      this.readyState = FakeWebSocket.CLOSED;
      this.onclose?.({ code });
    }
  }
}

/** Puts the fake in the place of the browser's. */
export function installWebSocket(farEnd: FarEnd = {}): void {
  FakeWebSocket.all = [];
  FakeWebSocket.farEnd = farEnd;
  vi.stubGlobal('WebSocket', FakeWebSocket);
}
