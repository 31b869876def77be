import type { PeerStats, StreamStats } from '@otter/client';
import { expect, test } from 'vitest';
import { grown, MOST_SAMPLES, type Sample, sampleOf } from './health.js';

function stream(bitrate: number | null): StreamStats {
  return { bitrate } as StreamStats;
}

function stats(inbound: readonly StreamStats[]): PeerStats {
  return { inbound, outbound: [], rtt: 12, loss: 0.5 } as unknown as PeerStats;
}

test('adds up what flows, and knows nothing from no number', () => {
  expect(sampleOf(stats([stream(1000), stream(null), stream(500)]), 7)).toEqual({
    at: 7,
    bitsIn: 1500,
    bitsOut: null,
    rtt: 12,
    loss: 0.5,
  });
});

test('keeps the latest readings and no more', () => {
  let samples: readonly Sample[] = [];
  for (let at = 0; at < MOST_SAMPLES + 5; at += 1) {
    samples = grown(samples, sampleOf(stats([]), at));
  }
  expect(samples).toHaveLength(MOST_SAMPLES);
  expect(samples[0]?.at).toBe(5);
});
