import { OtterError } from '../errors.js';
import type { ControlMessage } from '../peer/control.js';
import { randomId } from '../util/random.js';
import { Incoming, type Offer } from './incoming.js';
import { Outgoing } from './outgoing.js';
import { fileIdOf, fileLabel } from './protocol.js';
import type { Transfer } from './transfer.js';

export interface ExchangeHost {
  peerId(): string;
  pc(): RTCPeerConnection;
  send(message: ControlMessage): void;
  onOffer(transfer: Incoming): void;
}

/** Offers of one peer that may wait for an answer at a time. */
const MAX_OFFERS = 64;

/** The files that go to and from one peer. */
export class Exchange {
  readonly #host: ExchangeHost;
  readonly #incoming = new Map<string, Incoming>();
  readonly #outgoing = new Map<string, Outgoing>();

  constructor(host: ExchangeHost) {
    this.#host = host;
  }

  /** Offers a file to the peer. */
  offer(file: File): Outgoing {
    const transfer = new Outgoing(randomId(8), file, {
      peer: () => this.#host.peerId(),
      offer: ({ id, name, size, type }) => {
        this.#host.send({ type: 'file-offer', id, name, size, mime: type });
      },
      withdraw: ({ id }) => {
        this.#host.send({ type: 'file-cancel', id });
      },
      open: ({ id }) => {
        const pc = this.#host.pc();
        const channel = pc.createDataChannel(fileLabel(id));
        return { channel, maxMessage: pc.sctp?.maxMessageSize ?? 0 };
      },
      pause: ({ id }, paused) => {
        this.#host.send({ type: 'file-pause', id, paused });
      },
      onOver: ({ id }) => {
        this.#outgoing.delete(id);
      },
    });
    this.#outgoing.set(transfer.id, transfer);
    return transfer;
  }

  /** Takes a message about a file. */
  receive(message: ControlMessage): void {
    switch (message.type) {
      case 'file-offer':
        this.#offered(message);
        break;
      case 'file-accept':
        this.#outgoing.get(message.id)?.accepted();
        break;
      case 'file-reject':
        this.#outgoing.get(message.id)?.withdrawn();
        break;
      case 'file-cancel':
        this.#incoming.get(message.id)?.withdrawn();
        break;
      case 'file-resume':
        this.#outgoing.get(message.id)?.resume(message.offset);
        break;
      case 'file-done':
        this.#outgoing.get(message.id)?.delivered(message.ok);
        break;
      case 'file-pause':
        this.#find(message.id)?.pausedByPeer(message.paused);
        break;
      default:
    }
  }

  /** Takes a channel that the peer has opened; false when it is no file's. */
  channel(channel: RTCDataChannel): boolean {
    const id = fileIdOf(channel.label);
    if (id === undefined) {
      return false;
    }
    if (!this.#incoming.get(id)?.use(channel)) {
      channel.close();
    }
    return true;
  }

  /** The connection was replaced: what went over it goes on from where it was. */
  interrupt(): void {
    for (const transfer of this.#all()) {
      transfer.interrupt();
    }
  }

  /** The peer is gone. */
  close(): void {
    const error = new OtterError('peer-left', 'The peer has left.');
    for (const transfer of this.#all()) {
      transfer.fail(error);
    }
  }

  #find(id: string): Transfer | undefined {
    return this.#incoming.get(id) ?? this.#outgoing.get(id);
  }

  #all(): readonly Transfer[] {
    return [...this.#incoming.values(), ...this.#outgoing.values()];
  }

  #offered(offer: Offer): void {
    const { id } = offer;
    if (this.#incoming.has(id) || this.#incoming.size >= MAX_OFFERS) {
      this.#host.send({ type: 'file-reject', id });
      return;
    }
    const transfer = new Incoming(offer, {
      peer: () => this.#host.peerId(),
      accept: () => {
        this.#host.send({ type: 'file-accept', id });
      },
      reject: () => {
        this.#host.send({ type: 'file-reject', id });
      },
      resume: (_, offset) => {
        this.#host.send({ type: 'file-resume', id, offset });
      },
      done: (_, ok) => {
        this.#host.send({ type: 'file-done', id, ok });
      },
      pause: (_, paused) => {
        this.#host.send({ type: 'file-pause', id, paused });
      },
      onOver: () => {
        this.#incoming.delete(id);
      },
    });
    this.#incoming.set(id, transfer);
    this.#host.onOffer(transfer);
  }
}
