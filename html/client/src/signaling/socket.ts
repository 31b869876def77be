import { parseFrame, type Frame } from './wire.js';

export interface SocketHandlers {
  onFrame(frame: Frame): void;
  /** A frame that this version cannot read. */
  onJunk(): void;
  /** Called once; nothing is called afterwards. */
  onClose(code: number): void;
}

export const SUBPROTOCOL = 'otter.v1';
export const BEARER = 'otter.bearer.';

/**
 * One WebSocket from its construction to its end. After `drop` or `onClose` it is silent, however
 * late the browser's own events come.
 */
export class Socket {
  readonly #ws: WebSocket;
  #handlers: SocketHandlers | null;

  /** Throws what the constructor of `WebSocket` throws for a URL or token of the wrong shape. */
  constructor(url: string, token: string, handlers: SocketHandlers) {
    this.#handlers = handlers;
    this.#ws = new WebSocket(url, [SUBPROTOCOL, BEARER + token]);
    this.#ws.onmessage = (event: MessageEvent<unknown>) => {
      this.#receive(event.data);
    };
    this.#ws.onclose = (event) => {
      this.#end(event.code);
    };
  }

  send(text: string): void {
    // A socket that is closing takes nothing and says so in `onclose`.
    if (this.#handlers && this.#ws.readyState === WebSocket.OPEN) {
      this.#ws.send(text);
    }
  }

  /** Closes with a handshake; `onClose` follows. */
  close(): void {
    this.#ws.close(1000);
  }

  /** Closes without waiting for anything: a hung socket reports its end minutes later. */
  drop(): void {
    this.#handlers = null;
    this.#ws.close();
  }

  #receive(data: unknown): void {
    const frame = typeof data === 'string' ? parseFrame(data) : undefined;
    if (frame) {
      this.#handlers?.onFrame(frame);
    } else {
      this.#handlers?.onJunk();
    }
  }

  #end(code: number): void {
    const handlers = this.#handlers;
    this.#handlers = null;
    handlers?.onClose(code);
  }
}
