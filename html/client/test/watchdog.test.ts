import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stillness } from '../src/stats/stillness.js';
import { AGAIN_AFTER, FROZEN_AFTER, Watchdog, type Arrived } from '../src/stats/watchdog.js';
import type { TrackSource } from '../src/types.js';
import { fakeTrack } from './fakes/media.js';
import { fakePc, peerOf, World, type Member } from './fakes/world.js';

const one = (source: TrackSource, bytes: number, output: number | null) =>
  new Map<TrackSource, Arrived>([[source, { bytes, output }]]);

describe('the watchdog', () => {
  it('barks after six seconds without a byte, not before, and again while it lasts', () => {
    const dog = new Watchdog();
    dog.take(0, one('camera', 5, 1));
    expect(dog.take(FROZEN_AFTER - 1, one('camera', 5, 1)).due).toBe(false);
    const { changed, due } = dog.take(FROZEN_AFTER, one('camera', 5, 1));
    expect([...changed]).toEqual([['camera', 'no-data']]);
    expect(due).toBe(true);
    expect(dog.take(FROZEN_AFTER + AGAIN_AFTER - 1, one('camera', 5, 1)).due).toBe(false);
    expect(dog.take(FROZEN_AFTER + AGAIN_AFTER, one('camera', 5, 1)).due).toBe(true);
    expect([...dog.take(30_000, one('camera', 6, 2)).changed]).toEqual([['camera', null]]);
  });

  it('tells pictures that are not decoded and sound that is silent', () => {
    for (const [source, cause] of [
      ['camera', 'not-decoded'],
      ['microphone', 'silent'],
    ] as const) {
      const dog = new Watchdog();
      dog.take(0, one(source, 5, 1));
      dog.take(4_000, one(source, 6, 1));
      expect([...dog.take(6_000, one(source, 7, 1)).changed]).toEqual([[source, cause]]);
    }
  });

  it('does not judge what a browser does not tell', () => {
    const dog = new Watchdog();
    dog.take(0, one('camera', 5, null));
    expect(dog.take(9_000, one('camera', 6, null)).changed.size).toBe(0);
  });

  it('starts anew when something is expected again', () => {
    const dog = new Watchdog();
    dog.take(0, one('camera', 5, 1));
    dog.take(5_000, new Map());
    dog.take(6_000, one('camera', 5, 1));
    expect(dog.take(11_000, one('camera', 5, 1)).due).toBe(false);
  });
});

describe('stillness', () => {
  it('is told when it begins and when it ends', () => {
    const stillness = new Stillness();
    const take = (frames: number | null) => [...stillness.take(new Map([['screen', frames]]))];
    expect(take(1)).toEqual([]);
    expect(take(1)).toEqual([['screen', true]]);
    expect(take(1)).toEqual([]);
    expect(take(2)).toEqual([['screen', false]]);
  });

  it('is taken for granted of a screen where a browser does not tell', () => {
    const stillness = new Stillness();
    expect([...stillness.take(new Map([['screen', null]]))]).toEqual([['screen', true]]);
    expect([...stillness.take(new Map([['camera', null]]))]).toEqual([]);
  });
});

describe('media that freezes in a call', () => {
  let world: World;
  let ann: Member;
  let bob: Member;
  /** What bob's connection has received and what ann's camera has given so far. */
  const counts = { bytes: 0, frames: 0, source: 0 };
  const pace = { bytes: 1, frames: 1, source: 1 };

  beforeEach(async () => {
    world = new World();
    Object.assign(counts, { bytes: 0, frames: 0, source: 0 });
    Object.assign(pace, { bytes: 1, frames: 1, source: 1 });
    [ann, bob] = await world.pair();
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    await world.run(1_000);
    for (const member of [ann, bob]) {
      fakePc(member).stats = statistics(member);
    }
    await world.run(4_000);
  });

  afterEach(() => {
    world.end();
  });

  function statistics(member: Member) {
    return () => {
      const mid = fakePc(ann)
        .getTransceivers()
        .find(({ kind, sender }) => kind === 'video' && sender.track)?.mid;
      const trackIdentifier = peerOf(bob).tracks.get('camera')?.track.id;
      if (member === ann) {
        counts.source += pace.source;
        return [
          { id: 's', type: 'media-source', frames: counts.source },
          { id: 'o', type: 'outbound-rtp', kind: 'video', mid, mediaSourceId: 's' },
        ];
      }
      counts.bytes += pace.bytes;
      counts.frames += pace.frames;
      const { bytes: bytesReceived, frames: framesDecoded } = counts;
      return [
        {
          id: 'i',
          type: 'inbound-rtp',
          kind: 'video',
          trackIdentifier,
          bytesReceived,
          framesDecoded,
        },
      ];
    };
  }

  it('is told, ICE is restarted, then the connection is built anew', async () => {
    const connection = fakePc(bob);
    const { ufrag } = connection;
    pace.bytes = 0;
    pace.frames = 0;
    await world.run(8_000);
    expect(peerOf(bob).tracks.get('camera')?.frozen).toBe('no-data');
    expect(bob.all('track-frozen')).toHaveLength(1);
    expect(peerOf(bob).recovery).toBe('ice-restart');
    expect(connection.ufrag).not.toBe(ufrag);
    expect(fakePc(bob)).toBe(connection);
    await world.run(8_000);
    expect(fakePc(bob)).not.toBe(connection);
    await world.run(4_000);
    expect(peerOf(bob).connection).toBe('connected');
    expect(peerOf(bob).tracks.has('camera')).toBe(true);
  });

  it('is over when it moves again', async () => {
    pace.frames = 0;
    await world.run(8_000);
    expect(peerOf(bob).tracks.get('camera')?.frozen).toBe('not-decoded');
    pace.frames = 1;
    await world.run(2_000);
    expect(peerOf(bob).tracks.get('camera')?.frozen).toBeNull();
    expect(peerOf(bob).recovery).toBe('none');
  });

  it.each([
    [
      'is muted',
      () => {
        [...ann.room.publications][0]?.setMuted(true);
      },
    ],
    [
      'stands still at its source',
      () => {
        pace.source = 0;
      },
    ],
    [
      'is not wished for',
      () => {
        peerOf(bob).want('camera', { paused: true });
      },
    ],
  ])('is as it should be where it %s', async (_, action) => {
    action();
    await world.run(2_100);
    pace.bytes = 0;
    pace.frames = 0;
    const connection = fakePc(bob);
    await world.run(20_000);
    expect(bob.events).not.toContain('track-frozen');
    expect(fakePc(bob)).toBe(connection);
  });
});
