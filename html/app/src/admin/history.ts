import type { Metrics } from './api.js';

/** One look at the server. */
export interface Sample {
  /** Milliseconds, by a clock that only goes forward. */
  readonly at: number;
  readonly metrics: Metrics;
}

/** A quarter of an hour at one look every two seconds, and a little more. */
const MOST_SAMPLES = 480;

export function addSample(history: readonly Sample[], sample: Sample): readonly Sample[] {
  return [...history, sample].slice(-MOST_SAMPLES);
}

/** A metric, its labels added up. */
export function valueOf(metrics: Metrics, name: string): number {
  const metric = metrics[name];
  if (typeof metric === 'number') {
    return metric;
  }
  return Object.values(metric ?? {}).reduce((sum, value) => sum + value, 0);
}

/** A point of a plot. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

export function gauge(history: readonly Sample[], name: string): readonly Point[] {
  return history.map(({ at, metrics }) => ({ at, value: valueOf(metrics, name) }));
}

/** How fast a counter grows, a second. It begins anew when nginx is restarted. */
export function rate(history: readonly Sample[], name: string): readonly Point[] {
  return history.slice(1).flatMap(({ at, metrics }, index) => {
    const before = history[index];
    const seconds = before === undefined ? 0 : (at - before.at) / 1000;
    if (before === undefined || seconds <= 0) {
      return [];
    }
    const grown = valueOf(metrics, name) - valueOf(before.metrics, name);
    return [{ at, value: Math.max(0, grown) / seconds }];
  });
}
