import { vi } from 'vitest';
import { FakeChannel, joinChannels } from './channel.js';
import type { FakeStream, FakeTrack } from './media.js';
import { readSdp, withSend, writeSdp, type Direction } from './sdp.js';
import { Sections } from './sections.js';
import type { FakeSender, FakeTransceiver } from './transceiver.js';

interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

let count = 0;
const task = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve);
  });

const isOffer = (description: { readonly type: string } | null): boolean =>
  description?.type === 'offer';

/**
 * A peer connection that follows the state machine of WebRTC 1.0: a chain of operations, implicit
 * descriptions and rollback, when negotiation is needed, which transceivers go with which sections.
 * Two of them connect when both have applied the other's descriptions and a candidate of the ICE
 * session that these name.
 */
export class FakePeerConnection {
  static readonly all = new Map<string, FakePeerConnection>();
  /** Whether packets pass at all. */
  static network = true;
  /** Makes a connection refuse a description, as Chromium does for reasons of its own. */
  static refuse: (pc: FakePeerConnection, description: Description) => boolean = () => false;

  /** Which configurations the constructor does not take. */
  static invalid: (configuration: RTCConfiguration) => boolean = () => false;

  readonly origin = `pc${++count}`;
  signalingState: RTCSignalingState = 'stable';
  connectionState: RTCPeerConnectionState = 'new';
  readonly sctp = { maxMessageSize: 262_144 };
  configuration: RTCConfiguration;
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;
  onnegotiationneeded: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ondatachannel: ((event: { channel: FakeChannel }) => void) | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  /** What its statistics say. */
  stats: () => readonly { readonly id: string; readonly [key: string]: unknown }[] = () => [];
  readonly channels: FakeChannel[] = [];
  /** Every remote description that was put in force. */
  readonly applied: Description[] = [];
  readonly #media = new Sections(() => {
    this.#check();
  });
  #chain: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #negotiationNeeded = false;
  #checkWhenIdle = false;
  #stable: { local: Description | null; remote: Description | null } = {
    local: null,
    remote: null,
  };
  readonly #candidates = new Set<string>();

  constructor(configuration: RTCConfiguration = {}) {
    if (FakePeerConnection.invalid(configuration)) {
      throw new DOMException('bad configuration', 'SyntaxError');
    }
    this.configuration = configuration;
    FakePeerConnection.all.set(this.origin, this);
  }

  get ufrag(): string {
    return `${this.origin}-${this.#media.generation}`;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  getTransceivers(): readonly FakeTransceiver[] {
    return this.#media.transceivers;
  }

  getStats(): Promise<Map<string, unknown>> {
    return Promise.resolve(new Map(this.stats().map((entry) => [entry.id, entry])));
  }

  addTrack(track: FakeTrack, stream: FakeStream): FakeSender {
    const transceiver = this.#media.addTrack(track);
    transceiver.sender.setStreams(stream);
    this.#check();
    return transceiver.sender;
  }

  addTransceiver(kind: 'audio' | 'video', { direction }: { direction: Direction }): void {
    this.#media.addTransceiver(kind, direction);
    this.#check();
  }

  removeTrack(sender: FakeSender): void {
    const transceiver = this.#media.transceivers.find((entry) => entry.sender === sender);
    if (transceiver?.sender.track) {
      sender.track = null;
      transceiver.direction = withSend(transceiver.direction, false);
    }
  }

  restartIce(): void {
    this.#media.restart = true;
    this.#check();
  }

  createDataChannel(label: string, options: RTCDataChannelInit = {}): FakeChannel {
    const channel = new FakeChannel(label, options.negotiated ? (options.id ?? null) : null);
    this.channels.push(channel);
    this.#check();
    this.#joinChannels();
    return channel;
  }

  setLocalDescription(): Promise<void> {
    return this.#operate(async () => {
      const answering = this.signalingState === 'have-remote-offer';
      const sections = answering
        ? this.#media.answer()
        : this.#media.offer(this.channels.length > 0, this.signalingState !== 'stable');
      await task();
      const sdp = writeSdp({ origin: this.origin, ufrag: this.ufrag, sections });
      this.localDescription = { type: answering ? 'answer' : 'offer', sdp };
      this.#enter(answering ? 'stable' : 'have-local-offer');
      this.#gather();
    });
  }

  setRemoteDescription(description: Description): Promise<void> {
    return this.#operate(async () => {
      const sdp = readSdp(description.sdp);
      if (FakePeerConnection.refuse(this, description)) {
        throw new DOMException('refused', 'InvalidAccessError');
      }
      if (isOffer(description) && this.signalingState === 'have-local-offer') {
        this.#media.rollback();
        this.localDescription = this.#stable.local;
        this.signalingState = 'stable';
      }
      const expected = isOffer(description) ? 'stable' : 'have-local-offer';
      if (this.signalingState !== expected) {
        throw new DOMException(
          `${description.type} in ${this.signalingState}`,
          'InvalidStateError',
        );
      }
      const previous = this.remoteDescription && readSdp(this.remoteDescription.sdp).ufrag;
      this.#media.match(sdp, isOffer(description));
      if (isOffer(description) && previous !== null && previous !== sdp.ufrag) {
        this.#media.generation++;
      }
      await task();
      this.applied.push(description);
      this.remoteDescription = description;
      this.#enter(isOffer(description) ? 'have-remote-offer' : 'stable');
    });
  }

  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.#operate(async () => {
      await task();
      const ufrag = this.remoteDescription && readSdp(this.remoteDescription.sdp).ufrag;
      if (candidate.usernameFragment !== ufrag) {
        throw new DOMException('unknown ufrag', 'OperationError');
      }
      this.#candidates.add(candidate.usernameFragment ?? '');
      this.#connect();
    });
  }

  /** What a fault or its end does, as the browser would report it. */
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  close(): void {
    this.signalingState = 'closed';
    this.connectionState = 'closed';
    for (const channel of this.channels) {
      channel.end();
      channel.other?.close();
    }
  }

  #operate(step: () => Promise<void>): Promise<void> {
    this.#pending++;
    const result = this.#chain.then(async () => {
      if (this.signalingState === 'closed') {
        // The promise of an operation never settles once the connection is closed.
        await new Promise(() => undefined);
      }
      try {
        await step();
      } finally {
        this.#pending--;
        if (this.#pending === 0 && this.#checkWhenIdle) {
          this.#checkWhenIdle = false;
          this.#check();
        }
      }
    });
    this.#chain = result.catch(() => undefined);
    return result;
  }

  #check(): void {
    setTimeout(() => {
      if (this.#pending > 0) {
        this.#checkWhenIdle = true;
      } else if (this.signalingState === 'stable') {
        const needed = this.#media.negotiationNeeded(this.channels.length > 0);
        const fire = needed && !this.#negotiationNeeded;
        this.#negotiationNeeded = needed;
        if (fire) {
          this.onnegotiationneeded?.();
        }
      }
    });
  }

  #enter(state: RTCSignalingState): void {
    this.signalingState = state;
    if (state === 'stable') {
      this.#media.commit();
      this.#stable = { local: this.localDescription, remote: this.remoteDescription };
      this.#negotiationNeeded = false;
      this.#check();
      this.#connect();
    }
  }

  #gather(): void {
    const { ufrag } = this;
    setTimeout(() => {
      // A browser that disregards the policy, so that it is seen who heeds it.
      for (const type of ['host', 'relay']) {
        const candidate = `candidate:1 1 udp 1 192.0.2.1 9 typ ${type} raddr 198.51.100.1 rport 7`;
        const init = { candidate, sdpMid: '0', usernameFragment: ufrag };
        this.onicecandidate?.({ candidate: { ...init, toJSON: () => init } });
      }
      this.onicecandidate?.({ candidate: null });
    });
  }

  /** The other end, when the descriptions in force say so. */
  get partner(): FakePeerConnection | undefined {
    const { remote } = this.#stable;
    return remote ? FakePeerConnection.all.get(readSdp(remote.sdp).origin) : undefined;
  }

  #ready(partner: FakePeerConnection): boolean {
    return this.partner === partner && this.#candidates.has(partner.ufrag);
  }

  #connect(): void {
    setTimeout(() => {
      const { partner } = this;
      const both = partner && this.#ready(partner) && partner.#ready(this);
      if (!both || !FakePeerConnection.network || this.signalingState === 'closed') {
        return;
      }
      for (const end of [this, partner]) {
        if (end.connectionState !== 'connected' && end.signalingState !== 'closed') {
          end.become('connected');
        }
      }
      this.#joinChannels();
      partner.#joinChannels();
    });
  }

  #joinChannels(): void {
    const { partner } = this;
    if (this.connectionState !== 'connected' || !partner) {
      return;
    }
    for (const channel of this.channels.filter((entry) => entry.readyState === 'connecting')) {
      if (channel.id === null) {
        const far = new FakeChannel(channel.label);
        partner.channels.push(far);
        setTimeout(() => {
          partner.ondatachannel?.({ channel: far });
          joinChannels(channel, far);
        });
      } else {
        const far = partner.channels.find(({ id }) => id === channel.id);
        if (far) {
          joinChannels(channel, far);
        }
      }
    }
  }
}

export function installRtc(): void {
  FakePeerConnection.all.clear();
  FakePeerConnection.network = true;
  FakePeerConnection.refuse = () => false;
  FakePeerConnection.invalid = () => false;
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
}
