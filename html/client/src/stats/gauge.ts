import type { PeerQuality, PeerStats } from '../types.js';
import { digest, type Naming } from './digest.js';
import { gradeOf, Quality } from './quality.js';

/** Readings closer together than this give rates that jump about. */
const MIN_SPAN = 900;

/** Reads the statistics of one peer and keeps what they are compared with. */
export class Gauge {
  readonly #naming: Naming;
  readonly #quality = new Quality();
  #pc: RTCPeerConnection | null = null;
  #latest: { readonly report: RTCStatsReport; readonly at: number } | null = null;
  /** The latest that was at least `MIN_SPAN` old when the next one came. */
  #base: RTCStatsReport | null = null;

  constructor(naming: Naming) {
    this.#naming = naming;
  }

  get quality(): PeerQuality | null {
    return this.#quality.grade;
  }

  /** Reads the connection. */
  async read(pc: RTCPeerConnection): Promise<PeerStats> {
    const report = await pc.getStats();
    if (pc !== this.#pc) {
      this.#pc = pc;
      this.#latest = null;
      this.#base = null;
    }
    const now = Date.now();
    if (!this.#latest || now - this.#latest.at >= MIN_SPAN) {
      this.#base = this.#latest?.report ?? null;
      this.#latest = { report, at: now };
    }
    return digest(report, this.#base, this.#naming);
  }

  /** Takes a reading into the grade; true when that has changed. */
  grade(stats: PeerStats): boolean {
    return this.#quality.take(gradeOf(stats));
  }

  /** The connection does not work, so that it has no grade. */
  lose(): boolean {
    return this.#quality.reset();
  }
}
