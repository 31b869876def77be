import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../src/connect.js';
import { fakeTrack } from './fakes/media.js';
import { FakePeerConnection } from './fakes/rtc.js';
import { fakePc, peerOf, sources, World, type Member } from './fakes/world.js';

let world: World;

const videoSections = (member: Member): number =>
  fakePc(member)
    .getTransceivers()
    .filter(({ kind }) => kind === 'video').length;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.end();
});

describe('joining', () => {
  it('knows who is there at once and hears of who comes', async () => {
    const ann = await world.join('ann');
    expect(ann.room.peers.size).toBe(0);
    const bob = await world.join('bob');
    expect([...bob.room.peers.values()].map(({ info }) => info.name)).toEqual(['ANN']);
    expect(bob.events).not.toContain('peer-joined');
    expect(ann.all('peer-joined').map(({ info }) => info.identity)).toEqual(['bob']);
    expect(ann.room.self.identity).toBe('ann');
    expect(ann.room.info.room).toBe('r');
  });

  it('connects in one negotiation, the offer made by the newcomer', async () => {
    const [ann, bob] = await world.pair();
    expect(peerOf(ann).connection).toBe('connected');
    expect(peerOf(bob).connection).toBe('connected');
    const offers = world.server.signals.filter(({ data }) => data.offer !== undefined);
    expect(offers.map(({ from }) => from)).toEqual(['b', 'a']);
  });

  it('makes the offer after all when the newcomer makes none', async () => {
    world.server.ids = ['a', 'b'];
    world.server.lose = (from) => from === 'b';
    const ann = await world.join('ann');
    await world.join('bob');
    await world.run(2_000);
    expect(fakePc(ann).signalingState).toBe('have-local-offer');
  });

  it('passes the ICE servers and the wishes of the caller on', async () => {
    world.server.iceServers = [
      { urls: ['turn:t.example'], username: 'u', credential: 'c' },
      { urls: ['http://bad.example'] },
      'junk',
    ];
    await world.join('ann', { rtc: { iceTransportPolicy: 'relay' } });
    const bob = await world.join('bob', { rtc: { iceTransportPolicy: 'relay' } });
    expect(fakePc(bob).configuration).toMatchObject({
      iceServers: [{ urls: ['turn:t.example'], username: 'u', credential: 'c' }],
      iceTransportPolicy: 'relay',
      bundlePolicy: 'max-bundle',
    });
    const [id] = [bob.room.self.id];
    world.server.say(id, { type: 'ice-servers', ice_servers: [{ urls: 'stun:s.example' }] });
    expect(fakePc(bob).configuration.iceServers).toEqual([{ urls: ['stun:s.example'] }]);
  });

  it('can be given up', async () => {
    const abort = new AbortController();
    world.server.down = true;
    const joining = connect({ url: 'ws://host/otter/ws', token: 'ann', signal: abort.signal });
    const outcome = joining.catch((error: unknown) => error);
    await world.run(5);
    abort.abort();
    expect(await outcome).toMatchObject({ name: 'OtterError', code: 'aborted' });
    const late = connect({ url: 'ws://host/otter/ws', token: 'ann', signal: abort.signal });
    await expect(late).rejects.toMatchObject({ code: 'aborted' });
  });

  it('rejects when nobody answers', async () => {
    world.server.down = true;
    const joining = connect({ url: 'ws://host/otter/ws', token: 'ann' });
    const outcome = joining.catch((error: unknown) => error);
    await world.run(60_000);
    expect(await outcome).toMatchObject({ code: 'unreachable' });
  });
});

describe('tracks', () => {
  it('arrive with their source, one stream each, and go', async () => {
    const [ann, bob] = await world.pair();
    const camera = ann.room.publish(fakeTrack('video'), { source: 'camera' });
    ann.room.publish(fakeTrack('audio'), { source: 'microphone' });
    await world.run(1_000);
    expect(sources(bob)).toEqual(['camera', 'microphone']);
    expect(bob.all('track-added').map(({ track }) => track.track.kind)).toEqual(['video', 'audio']);
    const received = peerOf(bob).tracks.get('camera');
    expect(received?.stream.getTracks()).toEqual([received?.track]);
    expect(sources(ann)).toEqual([]);

    camera.unpublish();
    await world.run(1_000);
    expect(sources(bob)).toEqual(['microphone']);
    expect(bob.all('track-removed').map(({ track }) => track.source)).toEqual(['camera']);
    expect([...ann.room.publications].map(({ source }) => source)).toEqual(['microphone']);
  });

  it('published before somebody comes are there for the newcomer', async () => {
    const ann = await world.join('ann');
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    const bob = await world.join('bob');
    await world.run(2_000);
    expect(sources(bob)).toEqual(['camera']);
  });

  it('take the section of one that has gone', async () => {
    const [ann, bob] = await world.pair();
    for (const source of ['camera', 'screen', 'camera'] as const) {
      const publication = ann.room.publish(fakeTrack('video'), { source });
      await world.run(1_000);
      expect(sources(bob)).toEqual([source]);
      publication.unpublish();
      await world.run(1_000);
    }
    expect(videoSections(ann)).toBe(1);
  });

  it('are told apart when one takes the place of another at once', async () => {
    const [ann, bob] = await world.pair();
    for (let i = 0; i < 10; i++) {
      const source = i % 2 === 0 ? 'camera' : 'screen';
      const publication = ann.room.publish(fakeTrack('video'), { source });
      await world.run(1_000);
      expect(sources(bob)).toEqual([source]);
      publication.unpublish();
    }
    expect(videoSections(ann)).toBe(2);
  });

  it('are replaced with no negotiation', async () => {
    const [ann] = await world.pair();
    const camera = ann.room.publish(fakeTrack('video'), { source: 'camera' });
    await world.run(1_000);
    const before = world.server.signals.length;
    const next = fakeTrack('video');
    const replaced = camera.replaceTrack(next);
    await world.run(100);
    await replaced;
    expect(
      fakePc(ann)
        .getTransceivers()
        .map(({ sender }) => sender.track),
    ).toContain(next);
    expect(world.server.signals.length).toBe(before);
    await expect(camera.replaceTrack(fakeTrack('audio'))).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('of a kind that the source is not, or a second time, are refused', async () => {
    const [ann] = await world.pair();
    const track = fakeTrack('audio');
    const publish = (kind: 'audio' | 'video', source: 'microphone' | 'camera'): void => {
      ann.room.publish(fakeTrack(kind), { source });
    };
    expect(() => {
      publish('audio', 'camera');
    }).toThrow(/no camera/);
    ann.room.publish(track, { source: 'microphone' });
    expect(() => {
      publish('audio', 'microphone');
    }).toThrow(/already/);
    expect(() => ann.room.publish(track, { source: 'screen-audio' })).toThrow(/clone/);
  });
});

describe('mute', () => {
  it('is told to the peers, those who come later too', async () => {
    const [ann, bob] = await world.pair();
    const track = fakeTrack('audio');
    const microphone = ann.room.publish(track, { source: 'microphone' });
    await world.run(1_000);
    microphone.setMuted(true);
    await world.run(100);
    expect(track.enabled).toBe(false);
    expect(peerOf(bob).tracks.get('microphone')?.muted).toBe(true);
    expect(bob.events.filter((event) => event === 'track-muted')).toHaveLength(1);
    const eve = await world.join('eve');
    await world.run(2_000);
    const fromAnn = [...eve.room.peers.values()].find(({ info }) => info.identity === 'ann');
    expect(fromAnn?.tracks.get('microphone')?.muted).toBe(true);
    microphone.setMuted(false);
    await world.run(100);
    expect(fromAnn?.tracks.get('microphone')?.muted).toBe(false);
  });

  it('is kept by a track that takes the place of another', async () => {
    const ann = await world.join('ann');
    const microphone = ann.room.publish(fakeTrack('audio'), { source: 'microphone' });
    microphone.setMuted(true);
    const next = fakeTrack('audio');
    await microphone.replaceTrack(next);
    expect(next.enabled).toBe(false);
  });
});

describe('chat', () => {
  it('reaches every peer once and not its sender', async () => {
    const [ann, bob] = await world.pair();
    const eve = await world.join('eve');
    await world.run(2_000);
    const sent = ann.room.sendChat('hello');
    await world.run(100);
    for (const member of [bob, eve]) {
      expect(member.all('chat')).toMatchObject([
        { id: sent.id, from: 'a', name: 'ANN', text: 'hello' },
      ]);
    }
    expect(ann.all('chat')).toEqual([]);
  });

  it('waits for a connection that is not there yet', async () => {
    world.server.ids = ['a', 'b'];
    const ann = await world.join('ann');
    const bob = await world.join('bob');
    ann.room.sendChat('early');
    await world.run(2_000);
    expect(bob.all('chat').map(({ text }) => text)).toEqual(['early']);
  });

  it('refuses nothing and a book', async () => {
    const ann = await world.join('ann');
    expect(() => ann.room.sendChat('')).toThrow();
    expect(() => ann.room.sendChat('x'.repeat(20_000))).toThrow();
  });
});

describe('application data', () => {
  it('goes through the server to the others', async () => {
    const [ann, bob] = await world.pair();
    ann.room.sendMessage({ hand: true });
    world.server.tell('', { type: 'message', from: null, data: 'by the server' });
    await world.run(10);
    expect(bob.all('message')).toEqual([
      { from: null, data: 'by the server' },
      { from: 'a', data: { hand: true } },
    ]);
  });
});

describe('leaving', () => {
  it('ends the connections and says so to the others', async () => {
    const [ann, bob] = await world.pair();
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    await world.run(1_000);
    const left = ann.room.leave();
    await world.run(10);
    await left;
    expect(ann.room.state).toBe('closed');
    expect(ann.all('closed')).toEqual([{ reason: 'left', closeCode: 1000 }]);
    expect(ann.events.at(-1)).toBe('closed');
    expect(bob.all('peer-left').map(({ reason }) => reason)).toEqual(['left']);
    expect(bob.events).toContain('track-removed');
    expect(
      [...FakePeerConnection.all.values()].map(({ signalingState }) => signalingState),
    ).toEqual(['closed', 'closed']);
    expect(() => ann.room.sendChat('late')).toThrow(/left/);
  });

  it('happens when the page goes away', async () => {
    const [, bob] = await world.pair();
    world.page.fire('pagehide');
    await world.run(10);
    expect(bob.all('closed')).toHaveLength(1);
  });

  it('follows when the server ends the session', async () => {
    const [ann, bob] = await world.pair();
    world.server.leave('a', 'kicked', 4403);
    await world.run(10);
    expect(ann.all('closed')).toEqual([{ reason: 'kicked', closeCode: 4403 }]);
    expect(bob.all('peer-left').map(({ reason }) => reason)).toEqual(['kicked']);
    expect(bob.room.peers.size).toBe(0);
  });
});

describe('handlers', () => {
  it('that throw are reported and disturb nobody', async () => {
    const reports: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reports.push(error));
    const [ann, bob] = await world.pair();
    bob.room.on('chat', () => {
      throw new Error('mine');
    });
    const off = bob.room.on('chat', () => reports.push('second'));
    ann.room.sendChat('1');
    await world.run(10);
    off();
    ann.room.sendChat('2');
    await world.run(10);
    expect(reports).toEqual([new Error('mine'), 'second', new Error('mine')]);
    expect(bob.all('chat')).toHaveLength(2);
  });
});
