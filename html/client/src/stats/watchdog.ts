import type { FreezeCause, TrackSource } from '../types.js';
import { Entries, numberOf, textOf } from './entries.js';
import type { Naming } from './digest.js';

/** Milliseconds without progress after which a track is frozen, and between reports of it. */
export const FROZEN_AFTER = 6_000;
export const AGAIN_AFTER = 8_000;

/** What has arrived of a track so far. */
export interface Arrived {
  readonly bytes: number;
  /** Pictures decoded, or energy of the sound; null: not told. */
  readonly output: number | null;
}

interface Watch {
  arrived: Arrived;
  /** When there was progress last: in what arrives, and in what comes out. */
  bytesAt: number;
  outputAt: number;
  reportedAt: number;
  cause: FreezeCause | null;
}

/** What a reading has changed. */
export interface Findings {
  /** Tracks that are frozen now and were not, or that are not any more (null). */
  readonly changed: ReadonlyMap<TrackSource, FreezeCause | null>;
  /** Some track is frozen, and something more should be done about it. */
  readonly due: boolean;
}

/**
 * Finds media that stands still while the connection says that it works: nothing arrives, what
 * arrives is not decoded, or what is decoded is silence though the sender has sound.
 */
export class Watchdog {
  readonly #watches = new Map<TrackSource, Watch>();

  /** Takes what has arrived of those tracks of which something should arrive. */
  take(now: number, expected: ReadonlyMap<TrackSource, Arrived>): Findings {
    const changed = new Map<TrackSource, FreezeCause | null>();
    let due = false;
    for (const [source, watch] of [...this.#watches]) {
      if (!expected.has(source)) {
        this.#watches.delete(source);
        if (watch.cause !== null) {
          changed.set(source, null);
        }
      }
    }
    for (const [source, arrived] of expected) {
      const watch = this.#watches.get(source);
      if (!watch) {
        this.#watches.set(source, {
          arrived,
          bytesAt: now,
          outputAt: now,
          reportedAt: 0,
          cause: null,
        });
        continue;
      }
      progress(watch, arrived, now);
      const cause = causeOf(source, watch, now);
      if (cause !== watch.cause) {
        watch.cause = cause;
        changed.set(source, cause);
        watch.reportedAt = cause === null ? 0 : now;
        due ||= cause !== null;
      } else if (cause !== null && now - watch.reportedAt >= AGAIN_AFTER) {
        watch.reportedAt = now;
        due = true;
      }
    }
    return { changed, due };
  }

  reset(): void {
    this.#watches.clear();
  }
}

function progress(watch: Watch, arrived: Arrived, now: number): void {
  if (arrived.bytes !== watch.arrived.bytes) {
    watch.bytesAt = now;
  }
  if (arrived.output === null || arrived.output !== watch.arrived.output) {
    watch.outputAt = now;
  }
  watch.arrived = arrived;
}

function causeOf(source: TrackSource, watch: Watch, now: number): FreezeCause | null {
  if (now - watch.bytesAt >= FROZEN_AFTER) {
    return 'no-data';
  }
  if (now - watch.outputAt >= FROZEN_AFTER) {
    return isSound(source) ? 'silent' : 'not-decoded';
  }
  return null;
}

function isSound(source: TrackSource): boolean {
  return source === 'microphone' || source === 'screen-audio' || source.startsWith('audio:');
}

/** What has arrived of each track, by a report of `getStats`. */
export function arrivals(report: RTCStatsReport, naming: Naming): Map<TrackSource, Arrived> {
  const arrived = new Map<TrackSource, Arrived>();
  for (const entry of new Entries(report).ofType('inbound-rtp')) {
    const source = naming.inbound(textOf(entry.mid), textOf(entry.trackIdentifier));
    const bytes = numberOf(entry.bytesReceived);
    if (source && bytes !== null) {
      const output = entry.kind === 'audio' ? entry.totalAudioEnergy : entry.framesDecoded;
      arrived.set(source, { bytes, output: numberOf(output) });
    }
  }
  return arrived;
}

/**
 * How far the source of each track that is sent has come: frames of a camera, energy of a
 * microphone. What stands still there stands still by itself: a screen on which nothing moves, a
 * microphone that is switched off.
 */
export function departures(
  report: RTCStatsReport,
  naming: Naming,
): Map<TrackSource, number | null> {
  const entries = new Entries(report);
  const sent = new Map<TrackSource, number | null>();
  for (const entry of entries.ofType('outbound-rtp')) {
    const origin = entries.get(entry.mediaSourceId);
    const source = naming.outbound(textOf(entry.mid), textOf(origin?.trackIdentifier));
    if (source) {
      sent.set(source, numberOf(origin?.frames) ?? numberOf(origin?.totalAudioEnergy));
    }
  }
  return sent;
}
