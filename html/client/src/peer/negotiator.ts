import { Candidates } from './candidates.js';
import { relayedCandidate, relayedSdp } from './relay-only.js';
import type { PeerSignal } from './signals.js';

/** What the negotiation needs from around it. */
export interface NegotiatorHost {
  /** Whether this side gives way in a glare. */
  polite(): boolean;
  /** Whether what is sent now reaches the peer. */
  reachable(): boolean;
  /** Whether the peer must learn no address but a relay's. */
  relayOnly(): boolean;
  send(signal: PeerSignal): void;
  /** The first offer of this connection is about to be made. */
  onFirstOffer(): void;
  /** A remote description is in force; `signal` is what brought it. */
  onApplied(signal: PeerSignal): void;
  /** Offer and answer are in force on this side. */
  onSettled(): void;
  /** What the signal brought cannot be put in force: the two sides have parted. */
  onRefused(signal: PeerSignal, error: unknown): void;
  onError(error: unknown): void;
}

/** After this long an offer without an answer is sent again. */
const RESEND_AFTER = 8_000;

/**
 * Perfect negotiation (W3C WebRTC, section 10.7) on one connection.
 *
 * Everything that changes the state of signaling runs one after the other in a queue, so that at the
 * time of each step the state is `stable` or `have-local-offer` and nothing between: that stands for
 * the flags of the W3C's example, which lets its steps overlap. Added to it are what makes up for
 * lost signals: offers are numbered, sent again while unanswered, and a repeated one gets the same
 * answer again.
 */
export class Negotiator {
  readonly #pc: RTCPeerConnection;
  readonly #host: NegotiatorHost;
  readonly #candidates: Candidates;
  #queue: Promise<void> = Promise.resolve();
  /** Number of the offer made last on this side. */
  #offer = 0;
  /** The remote offer answered last. */
  #answered: { readonly offer: number; readonly signal: PeerSignal } | null = null;
  /** The browser has asked for a negotiation and none has begun since. */
  #needed = false;
  #holding: ReturnType<typeof setTimeout> | undefined;
  #resendTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(pc: RTCPeerConnection, host: NegotiatorHost) {
    this.#pc = pc;
    this.#host = host;
    this.#candidates = new Candidates(pc);
    pc.onnegotiationneeded = () => {
      this.#needed = true;
      if (this.#holding === undefined) {
        void this.run(() => this.#makeOffer());
      }
    };
    pc.onicecandidate = ({ candidate }) => {
      const init = candidate?.toJSON() ?? null;
      const sent = init && host.relayOnly() ? relayedCandidate(init) : init;
      if (sent !== null || init === null) {
        host.send({ candidate: sent });
      }
    };
  }

  /** Runs a step when all steps before it are done; resolves at its end, however it ends. */
  run(step: () => Promise<void> | void): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      if (this.#closed) {
        return;
      }
      try {
        await step();
      } catch (error) {
        this.#failed(error);
      }
    });
    return this.#queue;
  }

  /** Leaves the first offer to the peer, for so long. */
  hold(ms: number): void {
    this.#holding = setTimeout(() => {
      this.#release();
    }, ms);
  }

  /** Takes a signal that carries a description or a candidate. */
  receive(signal: PeerSignal): void {
    const { description, candidate } = signal;
    if (description?.type === 'offer') {
      void this.run(() => this.#takeOffer(signal, description));
    } else if (description?.type === 'answer') {
      void this.run(() => this.#takeAnswer(signal, description));
    }
    if (candidate !== undefined) {
      void this.run(() => this.#candidates.add(candidate));
    }
  }

  /** Sends the pending offer again, if there is one. */
  resend(): void {
    void this.run(() => {
      if (this.#pc.signalingState === 'have-local-offer') {
        this.#sendOffer();
      }
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#resendTimer);
    clearTimeout(this.#holding);
    this.#pc.onnegotiationneeded = null;
    this.#pc.onicecandidate = null;
  }

  #release(): void {
    clearTimeout(this.#holding);
    this.#holding = undefined;
    void this.run(() => this.#makeOffer());
  }

  async #makeOffer(): Promise<void> {
    // Whenever a negotiation ends, the browser asks again if it still needs one.
    if (!this.#needed || this.#pc.signalingState !== 'stable') {
      return;
    }
    this.#needed = false;
    if (!this.#pc.remoteDescription) {
      this.#host.onFirstOffer();
    }
    await this.#pc.setLocalDescription();
    this.#offer++;
    this.#sendOffer();
  }

  #sendOffer(): void {
    this.#sendLocal(this.#offer);
    clearTimeout(this.#resendTimer);
    this.#resendTimer = setTimeout(() => {
      this.#overdue();
    }, RESEND_AFTER);
  }

  #overdue(): void {
    void this.run(() => {
      if (this.#pc.signalingState !== 'have-local-offer') {
        return;
      }
      if (this.#host.reachable()) {
        this.#sendOffer();
      } else {
        this.#resendTimer = setTimeout(() => {
          this.#overdue();
        }, RESEND_AFTER);
      }
    });
  }

  async #takeOffer(signal: PeerSignal, description: RTCSessionDescriptionInit): Promise<void> {
    const { offer } = signal;
    if (offer !== undefined && offer === this.#answered?.offer) {
      this.#host.send(this.#answered.signal);
      return;
    }
    const glare = this.#pc.signalingState !== 'stable';
    if (glare && !this.#host.polite()) {
      return;
    }
    // In a glare this rolls the own offer back; the browser asks for it again afterwards.
    if (!(await this.#apply(signal, description))) {
      return;
    }
    clearTimeout(this.#holding);
    this.#holding = undefined;
    this.#host.onApplied(signal);
    await this.#candidates.flush();
    this.#needed = false;
    await this.#pc.setLocalDescription();
    const answer = this.#sendLocal(offer);
    this.#answered = offer === undefined || !answer ? null : { offer, signal: answer };
    this.#host.onSettled();
  }

  async #takeAnswer(signal: PeerSignal, description: RTCSessionDescriptionInit): Promise<void> {
    const expected = signal.offer === undefined || signal.offer === this.#offer;
    if (!expected || this.#pc.signalingState !== 'have-local-offer') {
      // The answer to an offer that was rolled back, or a second one.
      return;
    }
    this.#needed = false;
    if (!(await this.#apply(signal, description))) {
      return;
    }
    clearTimeout(this.#resendTimer);
    this.#host.onApplied(signal);
    await this.#candidates.flush();
    this.#host.onSettled();
  }

  async #apply(signal: PeerSignal, description: RTCSessionDescriptionInit): Promise<boolean> {
    try {
      await this.#pc.setRemoteDescription(description);
      return true;
    } catch (error) {
      if (!this.#closed) {
        this.#host.onRefused(signal, error);
      }
      return false;
    }
  }

  #sendLocal(offer: number | undefined): PeerSignal | undefined {
    const local = this.#pc.localDescription;
    if (!local || (local.type !== 'offer' && local.type !== 'answer')) {
      return undefined;
    }
    const sdp = this.#host.relayOnly() ? relayedSdp(local.sdp) : local.sdp;
    const description = { type: local.type, sdp };
    const signal: PeerSignal = offer === undefined ? { description } : { description, offer };
    this.#host.send(signal);
    return signal;
  }

  #failed(error: unknown): void {
    // Whatever was under way when the connection was closed fails, and nobody misses it.
    if (this.#pc.signalingState !== 'closed') {
      this.#host.onError(error);
    }
  }
}
