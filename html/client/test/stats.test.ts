import { describe, expect, it } from 'vitest';
import { digest } from '../src/stats/digest.js';
import { gradeOf, Quality } from '../src/stats/quality.js';
import type { PeerQuality, PeerStats, StreamStats } from '../src/types.js';
import { LOCAL, PAIR, REMOTE, report, TRANSPORT } from './fakes/report.js';

const naming = {
  inbound: (_: string | null, trackId: string | null) => (trackId === 'cam' ? 'camera' : null),
  outbound: (mid: string | null) => (mid === '0' ? 'microphone' : null),
} as const;

const read = (now: RTCStatsReport, before: RTCStatsReport | null = null): PeerStats =>
  digest(now, before, naming);

describe('the way of a connection', () => {
  it('is that of the selected pair', () => {
    const stats = read(report(LOCAL, REMOTE, PAIR, TRANSPORT));
    expect(stats).toMatchObject({ relayed: true, protocol: 'udp', rtt: 42.1 });
    expect(stats.path).toMatchObject({ local: 'relay', remote: 'host', available: 900_000 });
    const tls = { ...LOCAL, relayProtocol: 'tls' };
    expect(read(report(tls, REMOTE, PAIR, TRANSPORT))).toMatchObject({
      protocol: 'tls',
      path: { protocol: 'udp', relayProtocol: 'tls' },
    });
    const direct = { ...LOCAL, candidateType: 'srflx' };
    expect(read(report(direct, REMOTE, PAIR, TRANSPORT)).relayed).toBe(false);
  });

  it('is found where there are no statistics of transports', () => {
    expect(read(report(LOCAL, REMOTE, { ...PAIR, selected: true })).relayed).toBe(true);
  });

  it('is not known before there is one', () => {
    const stats = read(report({ id: 't', type: 'transport' }));
    expect(stats).toMatchObject({ path: null, relayed: null, protocol: null, rtt: null });
  });
});

describe('a stream', () => {
  const video = {
    id: 'v',
    type: 'inbound-rtp',
    kind: 'video',
    trackIdentifier: 'cam',
    codecId: 'c',
    timestamp: 1_000,
    bytesReceived: 10_000,
    packetsReceived: 100,
    packetsLost: 0,
    jitter: 0.0125,
    frameWidth: 640,
    frameHeight: 360,
    framesDecoded: 10,
    freezeCount: 1,
  };
  const codec = { id: 'c', type: 'codec', mimeType: 'video/VP8' };
  const later = {
    ...video,
    timestamp: 3_000,
    bytesReceived: 60_000,
    packetsReceived: 190,
    packetsLost: 10,
    framesDecoded: 40,
  };

  it('has rates between two readings', () => {
    const [stream] = read(report(later, codec), report(video, codec)).inbound;
    expect(stream).toMatchObject({
      source: 'camera',
      kind: 'video',
      bitrate: 200_000,
      loss: 0.1,
      jitter: 12.5,
      fps: 15,
      width: 640,
      height: 360,
      codec: 'VP8',
      freezes: 1,
    });
  });

  it('has none at the first reading', () => {
    const stats = read(report(later, codec));
    expect(stats.inbound[0]).toMatchObject({ bitrate: null, loss: null, fps: null, width: 640 });
    expect(stats.loss).toBeNull();
  });

  it('is not thrown off by duplicates, which make the loss fall', () => {
    const fewer = { ...later, packetsLost: -5 };
    expect(read(report(fewer), report(video)).inbound[0]?.loss).toBe(0);
  });

  it('that goes out tells what the receiver says and what limits it', () => {
    const sent = {
      id: 'o',
      type: 'outbound-rtp',
      kind: 'audio',
      mid: '0',
      remoteId: 'ri',
      mediaSourceId: 's',
      timestamp: 1_000,
      bytesSent: 0,
      qualityLimitationReason: 'cpu',
    };
    const source = {
      id: 's',
      type: 'media-source',
      totalAudioEnergy: 0,
      totalSamplesDuration: 0,
      timestamp: 1_000,
    };
    const remote = {
      id: 'ri',
      type: 'remote-inbound-rtp',
      fractionLost: 0.25,
      roundTripTime: 0.2,
      jitter: 0.001,
    };
    const stats = read(
      report(
        { ...sent, timestamp: 2_000, bytesSent: 4_000 },
        { ...source, totalAudioEnergy: 0.09, totalSamplesDuration: 1 },
        remote,
      ),
      report(sent, source, remote),
    );
    expect(stats.outbound[0]).toMatchObject({
      source: 'microphone',
      bitrate: 32_000,
      loss: 0.25,
      rtt: 200,
      jitter: 1,
      limitation: 'cpu',
    });
    expect(stats.outbound[0]?.level).toBeCloseTo(0.3);
    expect(stats).toMatchObject({ rtt: 200, loss: 0.25 });
  });

  it('of sound tells how much had to be made up, silence apart', () => {
    const sound = {
      id: 'a',
      type: 'inbound-rtp',
      kind: 'audio',
      timestamp: 0,
      totalSamplesReceived: 0,
      concealedSamples: 0,
      silentConcealedSamples: 0,
    };
    const next = {
      ...sound,
      timestamp: 1_000,
      totalSamplesReceived: 48_000,
      concealedSamples: 9_600,
      silentConcealedSamples: 4_800,
    };
    expect(read(report(next), report(sound)).inbound[0]?.concealed).toBe(0.1);
  });
});

describe('the grade of a reading', () => {
  const grade = (
    changes: Partial<Pick<PeerStats, 'loss' | 'rtt' | 'jitter'>>,
    concealed: number | null = null,
  ): PeerQuality | null =>
    gradeOf({
      loss: null,
      rtt: null,
      jitter: null,
      ...changes,
      inbound: [{ concealed } as StreamStats],
    });

  it.each([
    [{ rtt: 300 }, 'good'],
    [{ rtt: 301 }, 'fair'],
    [{ rtt: 700 }, 'fair'],
    [{ rtt: 701 }, 'poor'],
    [{ loss: 0.03 }, 'good'],
    [{ loss: 0.031 }, 'fair'],
    [{ loss: 0.11 }, 'poor'],
    [{ rtt: 10, jitter: 51 }, 'fair'],
    [{ rtt: 10, jitter: 121 }, 'poor'],
    [{}, null],
  ] as const)('%o is %s', (changes, expected) => {
    expect(grade(changes)).toBe(expected);
  });

  it('is poor where the sound has holes', () => {
    expect(grade({ rtt: 10 }, 0.2)).toBe('poor');
  });
});

describe('the grade over time', () => {
  const after = (...readings: (PeerQuality | null)[]): PeerQuality | null => {
    const quality = new Quality();
    for (const reading of readings) {
      quality.take(reading);
    }
    return quality.grade;
  };

  it('is there at once', () => {
    expect(after()).toBeNull();
    expect(after(null, 'fair')).toBe('fair');
  });

  it('falls after two readings and rises after four', () => {
    expect(after('good', 'poor')).toBe('good');
    expect(after('good', 'poor', 'poor')).toBe('poor');
    expect(after('poor', 'good', 'good', 'good')).toBe('poor');
    expect(after('poor', 'good', 'good', 'good', 'good')).toBe('good');
  });

  it('does not flicker', () => {
    expect(after('good', 'poor', 'good', 'poor', 'good', 'poor')).toBe('good');
    expect(after('fair', 'poor', 'good', 'poor')).toBe('fair');
  });

  it('changes to what all of the readings agree on', () => {
    expect(after('good', 'poor', 'fair')).toBe('fair');
    expect(after('poor', 'good', 'good', 'fair', 'good')).toBe('fair');
  });

  it('is forgotten with the connection', () => {
    const quality = new Quality();
    expect(quality.reset()).toBe(false);
    quality.take('good');
    expect(quality.reset()).toBe(true);
    expect(quality.grade).toBeNull();
  });
});
