import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtterError } from '../src/errors.js';
import { devices, FakeTrack, fakeTrack } from './fakes/media.js';
import { LOCAL, PAIR, REMOTE, TRANSPORT } from './fakes/report.js';
import { fakePc, peerOf, sources, World } from './fakes/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.end();
});

const asTrack = (track: FakeTrack): MediaStreamTrack => track as unknown as MediaStreamTrack;

describe('tracks of another name', () => {
  it('come with it on the other side', async () => {
    const [ann, bob] = await world.pair();
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    ann.room.publish(fakeTrack('video'), { source: 'video:whiteboard' });
    ann.room.publish(fakeTrack('audio'), { source: 'audio:interpreter' }).setMuted(true);
    await world.run(1_000);
    expect(sources(bob)).toEqual(['audio:interpreter', 'camera', 'video:whiteboard']);
    expect(peerOf(bob).tracks.get('audio:interpreter')?.muted).toBe(true);
  });

  it('are of the kind that the name says', async () => {
    const { room } = await world.join('ann');
    const video = fakeTrack('video');
    const refusal = (source: string, track = video): unknown => {
      try {
        room.publish(track, { source: source as 'camera' });
        return null;
      } catch (error) {
        return error instanceof OtterError ? error.code : error;
      }
    };
    expect(refusal('audio:x')).toBe('invalid-argument');
    expect(refusal('video:')).toBe('invalid-argument');
    expect(refusal('something')).toBe('invalid-argument');
    expect(refusal('video:'.padEnd(65, 'x'))).toBe('invalid-argument');
    expect(refusal('video:'.padEnd(64, 'x'))).toBeNull();
    // A peer sends at most one track of each source.
    expect(refusal('video:'.padEnd(64, 'x'), fakeTrack('video'))).toBe('invalid-argument');
  });
});

describe('a track that ends by itself', () => {
  it('is told, once, and its publication stays', async () => {
    const ann = await world.join('ann');
    const track = new FakeTrack('audio');
    const publication = ann.room.publish(asTrack(track), { source: 'microphone' });
    track.end();
    expect(ann.all('publication-ended')).toEqual([publication]);
    expect([...ann.room.publications]).toEqual([publication]);
  });

  it('is nothing to tell where another one has taken its place', async () => {
    const ann = await world.join('ann');
    const track = new FakeTrack('audio');
    const next = new FakeTrack('audio');
    const publication = ann.room.publish(asTrack(track), { source: 'microphone' });
    await publication.replaceTrack(asTrack(next));
    track.end();
    expect(ann.events).not.toContain('publication-ended');
    publication.unpublish();
    next.end();
    expect(ann.events).not.toContain('publication-ended');
  });
});

describe('switching a device', () => {
  it('opens it like the present one, sends it in place and stops the old one', async () => {
    const [ann, bob] = await world.pair();
    const old = new FakeTrack('video', { width: 640 });
    const next = new FakeTrack('video');
    const publication = ann.room.publish(asTrack(old), { source: 'camera' });
    publication.setMuted(true);
    await world.run(1_000);
    const offers = world.server.signals.length;
    let asked: MediaStreamConstraints | undefined;
    devices.user = (constraints) => {
      asked = constraints;
      return [next];
    };
    const switching = publication.switchDevice('other');
    await world.run(100);
    await switching;
    expect(asked).toEqual({ video: { width: 640, deviceId: { exact: 'other' } } });
    expect(publication.track).toBe(next);
    expect(next.enabled).toBe(false);
    expect(old.readyState).toBe('ended');
    expect(
      fakePc(ann)
        .getTransceivers()
        .map(({ sender }) => sender.track),
    ).toContain(next);
    expect(world.server.signals.length).toBe(offers);
    expect(peerOf(bob).tracks.get('camera')?.muted).toBe(true);
  });

  it.each([
    ['NotAllowedError', 'device-denied'],
    ['NotReadableError', 'device-busy'],
    ['OverconstrainedError', 'device-gone'],
    ['Whatever', 'device-failed'],
  ])('that rejects with %s fails as %s and leaves the old one', async (name, code) => {
    const ann = await world.join('ann');
    const old = new FakeTrack('audio');
    const publication = ann.room.publish(asTrack(old), { source: 'microphone' });
    devices.user = () => {
      throw new DOMException('', name);
    };
    await expect(publication.switchDevice('other')).rejects.toMatchObject({ code });
    expect(publication.track).toBe(old);
    expect(old.readyState).toBe('live');
  });

  it('does not come back after the publication has gone', async () => {
    const ann = await world.join('ann');
    const next = new FakeTrack('audio');
    const publication = ann.room.publish(fakeTrack('audio'), { source: 'microphone' });
    devices.user = () => [next];
    const switching = publication.switchDevice('other');
    publication.unpublish();
    await switching;
    expect(next.readyState).toBe('ended');
  });
});

describe('sharing a screen', () => {
  it('sends picture and sound, with the hint', async () => {
    const [ann, bob] = await world.pair();
    const [picture, sound] = [new FakeTrack('video'), new FakeTrack('audio')];
    let asked: MediaStreamConstraints | undefined;
    devices.display = (constraints) => {
      asked = constraints;
      return [picture, sound];
    };
    const share = await ann.room.shareScreen();
    await world.run(1_000);
    expect(sources(bob)).toEqual(['screen', 'screen-audio']);
    expect(picture.contentHint).toBe('detail');
    expect(asked).toMatchObject({ video: { frameRate: { ideal: 15 } }, audio: {} });
    await share.setHint('motion');
    expect(picture.contentHint).toBe('motion');
    expect(share.hint).toBe('motion');
    share.stop();
    await share.ended;
    await world.run(1_000);
    expect(sources(bob)).toEqual([]);
    expect([picture.readyState, sound.readyState]).toEqual(['ended', 'ended']);
  });

  it('ends by the button of the browser', async () => {
    const ann = await world.join('ann');
    const picture = new FakeTrack('video');
    devices.display = () => [picture];
    const share = await ann.room.shareScreen({ audio: false, hint: 'motion' });
    expect(share.audio).toBeNull();
    picture.end();
    await share.ended;
    expect(ann.room.publications.size).toBe(0);
  });

  it('is refused while there is one, before anybody is asked', async () => {
    const ann = await world.join('ann');
    devices.display = () => [new FakeTrack('video')];
    await ann.room.shareScreen();
    devices.display = () => {
      throw new Error('asked');
    };
    await expect(ann.room.shareScreen()).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('leaves nothing behind when the sound cannot be sent', async () => {
    const ann = await world.join('ann');
    ann.room.publish(fakeTrack('audio'), { source: 'screen-audio' });
    const picture = new FakeTrack('video');
    devices.display = () => [picture, new FakeTrack('audio')];
    await expect(ann.room.shareScreen()).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(ann.room.publications.size).toBe(1);
    expect(picture.readyState).toBe('ended');
  });

  it('is told as denied when the picker was closed', async () => {
    const ann = await world.join('ann');
    devices.display = () => {
      throw new DOMException('', 'NotAllowedError');
    };
    await expect(ann.room.shareScreen()).rejects.toMatchObject({ code: 'device-denied' });
  });
});

describe('the statistics of a peer', () => {
  const stats = (rtt: number) => () => [
    LOCAL,
    REMOTE,
    TRANSPORT,
    { ...PAIR, currentRoundTripTime: rtt },
  ];

  it('are read every two seconds and graded', async () => {
    const [ann] = await world.pair();
    fakePc(ann).stats = stats(0.05);
    await world.run(2_000);
    expect(ann.all('peer-stats').at(-1)?.stats).toMatchObject({ rtt: 50, relayed: true });
    expect(peerOf(ann).quality).toBe('good');
    fakePc(ann).stats = stats(2);
    await world.run(2_000);
    expect(peerOf(ann).quality).toBe('good');
    await world.run(2_000);
    expect(peerOf(ann).quality).toBe('poor');
    fakePc(ann).become('disconnected');
    expect(peerOf(ann).quality).toBeNull();
    expect(ann.all('peer-quality')).toHaveLength(3);
    const readings = ann.all('peer-stats').length;
    await world.run(2_000);
    expect(ann.all('peer-stats')).toHaveLength(readings);
  });

  it('are not read any more after the room was left', async () => {
    const [ann] = await world.pair();
    const pc = fakePc(ann);
    void ann.room.leave();
    await world.run(100);
    let read = 0;
    pc.stats = () => {
      read++;
      return [];
    };
    await world.run(20_000);
    expect(read).toBe(0);
  });
});
