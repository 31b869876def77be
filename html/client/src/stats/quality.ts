import type { PeerQuality, PeerStats } from '../types.js';

/** Up to these values a connection has the grade; beyond the last it is poor. */
const LIMITS = {
  good: { loss: 0.03, rtt: 300, jitter: 50, concealed: 0.03 },
  fair: { loss: 0.1, rtt: 700, jitter: 120, concealed: 0.1 },
} as const;

/** Readings in a row before the grade falls, and before it rises. */
const FALL_AFTER = 2;
const RISE_AFTER = 4;

const ORDER: readonly PeerQuality[] = ['good', 'fair', 'poor'];

/** The grade of one reading; null when it says nothing. */
export function gradeOf({
  loss,
  rtt,
  jitter,
  inbound,
}: Pick<PeerStats, 'loss' | 'rtt' | 'jitter' | 'inbound'>): PeerQuality | null {
  const concealed = Math.max(...inbound.map((stream) => stream.concealed ?? 0), 0);
  if (loss === null && rtt === null) {
    return null;
  }
  const within = (limit: (typeof LIMITS)['good' | 'fair']): boolean =>
    (loss ?? 0) <= limit.loss &&
    (rtt ?? 0) <= limit.rtt &&
    (jitter ?? 0) <= limit.jitter &&
    concealed <= limit.concealed;
  if (within(LIMITS.good)) {
    return 'good';
  }
  return within(LIMITS.fair) ? 'fair' : 'poor';
}

/** A grade that does not flicker: it falls after two readings in a row and rises after four. */
export class Quality {
  #grade: PeerQuality | null = null;
  /** Readings in a row that are worse, or better. */
  #readings: number[] = [];

  get grade(): PeerQuality | null {
    return this.#grade;
  }

  /** Takes a reading; true when the grade has changed. */
  take(reading: PeerQuality | null): boolean {
    if (reading === null) {
      return false;
    }
    if (this.#grade === null) {
      this.#grade = reading;
      return true;
    }
    const present = ORDER.indexOf(this.#grade);
    const next = ORDER.indexOf(reading);
    const worse = next > present;
    const turned = this.#readings.some((earlier) => earlier > present !== worse);
    if (next === present || turned) {
      this.#readings = [];
    }
    if (next === present) {
      return false;
    }
    this.#readings.push(next);
    if (this.#readings.length < (worse ? FALL_AFTER : RISE_AFTER)) {
      return false;
    }
    // Where they differ, the one nearest to the present grade is what all of them agree on.
    const agreed = worse ? Math.min(...this.#readings) : Math.max(...this.#readings);
    this.#grade = ORDER[agreed] ?? reading;
    this.#readings = [];
    return true;
  }

  /** The connection is another one; true when there was a grade. */
  reset(): boolean {
    const had = this.#grade !== null;
    this.#grade = null;
    this.#readings = [];
    return had;
  }
}
