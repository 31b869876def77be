import { expect, test } from 'vitest';
import { ratesBetween, type Totals, totalsOf } from '../src/index.js';

function report(...entries: readonly Record<string, unknown>[]): RTCStatsReport {
  return new Map(
    entries.map((entry, index) => [String(index), entry]),
  ) as unknown as RTCStatsReport;
}

test('a report is added up', () => {
  expect(
    totalsOf(
      report(
        {
          type: 'inbound-rtp',
          timestamp: 1000,
          bytesReceived: 100,
          packetsReceived: 9,
          packetsLost: 1,
        },
        { type: 'inbound-rtp', timestamp: 1001, bytesReceived: 50, framesDecoded: 7 },
        { type: 'outbound-rtp', timestamp: 1001, bytesSent: 30 },
        { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 },
        { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.02 },
        { type: 'codec', bytesReceived: 1e9 },
      ),
    ),
  ).toEqual({
    at: 1001,
    bytesIn: 150,
    bytesOut: 30,
    packetsIn: 9,
    packetsLost: 1,
    framesDecoded: 7,
    roundTripMs: 20,
  });
});

const START: Totals = {
  at: 1000,
  bytesIn: 1000,
  bytesOut: 0,
  packetsIn: 100,
  packetsLost: 10,
  framesDecoded: 0,
  roundTripMs: null,
};

test('rates are what came between two looks', () => {
  const now = {
    ...START,
    at: 3000,
    bytesIn: 3000,
    packetsIn: 109,
    packetsLost: 11,
    framesDecoded: 60,
  };
  expect(ratesBetween(START, { ...now, roundTripMs: 5 })).toEqual({
    bitsIn: 8000,
    bitsOut: 0,
    loss: 0.1,
    framesPerSecond: 30,
    roundTripMs: 5,
  });
});

test('no time, no rates; a counter that began anew counts as nothing', () => {
  expect(ratesBetween(START, START)).toBeNull();
  expect(ratesBetween(START, { ...START, at: 2000, bytesIn: 5 })).toMatchObject({
    bitsIn: 0,
    loss: 0,
  });
});
