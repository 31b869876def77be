import type { Encoding } from '../plan/plan.js';
import type { LocalPublication } from '../publication.js';
import type { TrackSource } from '../types.js';
import { randomId } from '../util/random.js';
import { Negotiator, type NegotiatorHost } from './negotiator.js';
import { Senders } from './senders.js';
import type { PeerSignal } from './signals.js';

export interface ConnectionHost {
  polite(): boolean;
  reachable(): boolean;
  relayOnly(): boolean;
  send(signal: PeerSignal): void;
  /** A description of the peer is in force. */
  onApplied(signal: PeerSignal): void;
  onSettled(): void;
  onState(): void;
  /** The peer has opened a data channel. */
  onChannel(channel: RTCDataChannel): void;
  /** A description of the peer cannot be put in force. */
  onRefused(signal: PeerSignal, error: unknown): void;
  onError(error: unknown): void;
}

/** Label of the control channel, and its id, which is agreed upon beforehand. */
const CONTROL = 'otter';
const CONTROL_ID = 0;

/**
 * One `RTCPeerConnection` with all that belongs to it, from its making to its end. A connection that
 * cannot be mended is replaced by another one; their names tell their signals apart.
 */
export class Connection {
  readonly pc: RTCPeerConnection;
  readonly name = randomId(6);
  readonly control: RTCDataChannel;
  readonly #negotiator: Negotiator;
  readonly #senders: Senders;
  readonly #host: ConnectionHost;
  #peerName: string | null = null;

  constructor(configuration: RTCConfiguration, host: ConnectionHost) {
    this.#host = host;
    this.pc = new RTCPeerConnection(configuration);
    const negotiation: NegotiatorHost = {
      polite: () => host.polite(),
      reachable: () => host.reachable(),
      relayOnly: () => host.relayOnly(),
      send: (signal) => {
        this.send(signal);
      },
      onFirstOffer: () => {
        this.#senders.reserve();
      },
      onApplied: (signal) => {
        this.#peerName = signal.pc ?? this.#peerName;
        host.onApplied(signal);
      },
      onSettled: () => {
        host.onSettled();
      },
      onRefused: (signal, error) => {
        host.onRefused(signal, error);
      },
      onError: (error) => {
        host.onError(error);
      },
    };
    this.#negotiator = new Negotiator(this.pc, negotiation);
    this.#senders = new Senders(this.pc);
    this.control = this.pc.createDataChannel(CONTROL, { negotiated: true, id: CONTROL_ID });
    this.pc.onconnectionstatechange = () => {
      host.onState();
    };
    this.pc.ondatachannel = ({ channel }) => {
      host.onChannel(channel);
    };
  }

  /** The name of the peer's connection, once one of its descriptions was taken. */
  get peerName(): string | null {
    return this.#peerName;
  }

  /** Sends a signal that belongs to this connection. */
  send(signal: PeerSignal): void {
    const tracks = signal.description ? { tracks: this.#senders.notes() } : {};
    this.#host.send({ ...signal, ...tracks, pc: this.name, for: this.#peerName });
  }

  /** Leaves the first offer to the peer, for so long. */
  hold(ms: number): void {
    this.#negotiator.hold(ms);
  }

  receive(signal: PeerSignal): void {
    this.#negotiator.receive(signal);
  }

  resend(): void {
    this.#negotiator.resend();
  }

  /** What the stream of a media section carries that this side sends. */
  sourceOf(mid: string | null): TrackSource | null {
    return this.#senders.notes().find((note) => note.mid === mid)?.source ?? null;
  }

  /** Brings what is sent in line with what is published. */
  sync(publications: ReadonlySet<LocalPublication>): Promise<void> {
    return this.#negotiator.run(() => this.#senders.sync(publications));
  }

  /** How publications are sent, by their ids. */
  apply(encodings: ReadonlyMap<string, Encoding>): void {
    this.#senders.apply(encodings);
  }

  restartIce(): void {
    this.pc.restartIce();
  }

  /** Other ICE servers, for the next gathering. */
  configure(configuration: RTCConfiguration): void {
    try {
      this.pc.setConfiguration(configuration);
    } catch (error) {
      this.#host.onError(error);
    }
  }

  close(): void {
    this.#negotiator.close();
    this.pc.onconnectionstatechange = null;
    this.pc.ondatachannel = null;
    this.pc.close();
  }
}
