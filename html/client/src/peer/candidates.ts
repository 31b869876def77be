/** More than any connection gathers; a peer that sends more is at fault. */
const MAX_WAITING = 128;

/**
 * Remote candidates, which may arrive before the description that they belong to: in a glare, around
 * an ICE restart, or from a peer that sends them out of order.
 */
export class Candidates {
  readonly #pc: RTCPeerConnection;
  #waiting: RTCIceCandidateInit[] = [];

  constructor(pc: RTCPeerConnection) {
    this.#pc = pc;
  }

  /** Adds a candidate now, or as soon as its description is there. */
  async add(candidate: RTCIceCandidateInit | null): Promise<void> {
    if (candidate === null) {
      // The end of candidates, which no implementation needs, has no description to wait for.
      return;
    }
    if (this.#fits(candidate)) {
      await this.#apply(candidate);
      return;
    }
    this.#waiting.push(candidate);
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
    }
  }

  /** Adds what waited for the remote description that is in force now. */
  async flush(): Promise<void> {
    const fitting = this.#waiting.filter((candidate) => this.#fits(candidate));
    this.#waiting = this.#waiting.filter((candidate) => !fitting.includes(candidate));
    for (const candidate of fitting) {
      await this.#apply(candidate);
    }
  }

  #fits({ usernameFragment }: RTCIceCandidateInit): boolean {
    const sdp = this.#pc.remoteDescription?.sdp;
    if (sdp === undefined) {
      return false;
    }
    return (
      usernameFragment === null ||
      usernameFragment === undefined ||
      sdp.split(/\r?\n/).includes(`a=ice-ufrag:${usernameFragment}`)
    );
  }

  /** A candidate that cannot be used is no reason to stop: there are others. */
  async #apply(candidate: RTCIceCandidateInit): Promise<void> {
    await this.#pc.addIceCandidate(candidate).catch(() => undefined);
  }
}
