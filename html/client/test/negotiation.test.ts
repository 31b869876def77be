import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeTrack } from './fakes/media.js';
import { FakePeerConnection } from './fakes/rtc.js';
import { fakePc, peerOf, sources, World, type Member } from './fakes/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.end();
});

/** A generator of numbers from 0 to 1 that gives the same ones each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const SOURCES = ['microphone', 'camera', 'screen', 'screen-audio'] as const;

function churn({ room }: Member, random: () => number): void {
  for (const publication of [...room.publications]) {
    if (random() < 0.5) {
      publication.unpublish();
    }
  }
  const held = new Set([...room.publications].map(({ source }) => source));
  for (const source of SOURCES) {
    if (!held.has(source) && random() < 0.5) {
      const kind = source === 'camera' || source === 'screen' ? 'video' : 'audio';
      room.publish(fakeTrack(kind), { source });
    }
  }
}

const published = ({ room }: Member): readonly string[] =>
  [...room.publications].map(({ source }) => source).sort();

function expectAtRest(members: readonly [Member, Member]): void {
  const [ann, bob] = members;
  for (const member of members) {
    expect(fakePc(member).signalingState).toBe('stable');
    expect(fakePc(member).connectionState).toBe('connected');
    expect(fakePc(member).getTransceivers().length).toBeLessThanOrEqual(8);
    expect(member.all('error')).toEqual([]);
  }
  expect(sources(bob)).toEqual(published(ann));
  expect(sources(ann)).toEqual(published(bob));
}

/** The descriptions of one type that somebody has sent. */
const descriptionsOf = (from: string, type: 'offer' | 'answer'): readonly unknown[] =>
  world.server.signals
    .filter((signal) => signal.from === from)
    .map(({ data }) => (data as { description?: { type: string } } | null)?.description)
    .filter((description) => description?.type === type);

describe('a glare', () => {
  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('is won by the smaller id: %s and %s', async (first, second) => {
    const [ann, bob] = await world.pair([first, second]);
    world.server.signals.length = 0;
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    bob.room.publish(fakeTrack('audio'), { source: 'microphone' });
    await world.run(1_000);
    expect(sources(ann)).toEqual(['microphone']);
    expect(sources(bob)).toEqual(['camera']);
    // The offer of the polite side has gone unanswered, and its track into its answer.
    expect(descriptionsOf('a', 'offer')).toHaveLength(1);
    expect(descriptionsOf('b', 'offer')).toHaveLength(1);
    expect(descriptionsOf('a', 'answer')).toHaveLength(0);
    expect(descriptionsOf('b', 'answer')).toHaveLength(1);
  });

  it('ends at rest after 50 rounds on both sides, whatever the pace', async () => {
    for (const [seed, pause] of [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 7],
      [5, 40],
    ] as const) {
      const random = numbers(seed);
      const members = await world.pair(seed % 2 === 0 ? ['a', 'b'] : ['b', 'a']);
      for (let round = 0; round < 50; round++) {
        churn(members[0], random);
        churn(members[1], random);
        await world.run(Math.floor(random() * pause * 2));
      }
      await world.run(30_000);
      expectAtRest(members);
      for (const { room } of members) {
        const leaving = room.leave();
        await world.run(10);
        await leaving;
      }
    }
  });

  it('ends at rest when sockets are cut at the same time', async () => {
    const random = numbers(9);
    const members = await world.pair();
    for (let round = 0; round < 60; round++) {
      churn(members[round % 2 === 0 ? 0 : 1], random);
      if (round % 7 === 0) {
        world.server.cut(random() < 0.5 ? 'a' : 'b');
      }
      await world.run(Math.floor(random() * 100));
    }
    await world.run(30_000);
    expectAtRest(members);
  });

  it('ends at rest when a crash of the server swallows signals', async () => {
    const random = numbers(11);
    const members = await world.pair();
    const connections = members.map(fakePc);
    for (let round = 0; round < 40; round++) {
      churn(members[0], random);
      churn(members[1], random);
      await world.run(Math.floor(random() * 10));
      if (round % 10 === 9) {
        world.server.crash();
        await world.run(500);
      }
    }
    await world.run(40_000);
    expectAtRest(members);
    expect(members.map(fakePc)).toEqual(connections);
  });
});

describe('an offer without an answer', () => {
  it('is sent again, and the answer that was lost with it', async () => {
    const [ann, bob] = await world.pair();
    let lost = 0;
    world.server.lose = (from, data) => {
      const { description } = data as { description?: { type: string } };
      return from === 'b' && description?.type === 'answer' && lost++ === 0;
    };
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    await world.run(1_000);
    expect(fakePc(ann).signalingState).toBe('have-local-offer');
    await world.run(9_000);
    expect(fakePc(ann).signalingState).toBe('stable');
    expect(sources(bob)).toEqual(['camera']);
    expect(descriptionsOf('a', 'offer').length).toBeGreaterThanOrEqual(2);
  });

  it('is not sent while the peer is away', async () => {
    const [ann] = await world.pair();
    world.server.cut('b');
    world.server.down = true;
    await world.run(100);
    world.server.signals.length = 0;
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    await world.run(60_000);
    expect(descriptionsOf('a', 'offer')).toHaveLength(1);
  });
});

describe('candidates', () => {
  it('that come before their description wait for it', async () => {
    world.server.ids = ['a', 'b'];
    const held: { from: string; to: string; data: unknown }[] = [];
    world.server.lose = (from, data) => {
      const isDescription = 'description' in (data as object);
      if (isDescription) {
        held.push({ from, to: from === 'a' ? 'b' : 'a', data });
      }
      return isDescription;
    };
    const ann = await world.join('ann');
    await world.join('bob');
    await world.run(100);
    world.server.lose = () => false;
    for (const { from, to, data } of held) {
      world.server.say(to, { type: 'signal', from, data });
    }
    await world.run(1_000);
    expect(peerOf(ann).connection).toBe('connected');
  });

  it('of nobody’s ICE session are kept within bounds and do no harm', async () => {
    const [ann] = await world.pair();
    for (let i = 0; i < 1_000; i++) {
      const candidate = { candidate: 'candidate:0', sdpMid: '0', usernameFragment: `x${i}` };
      world.server.say('a', { type: 'signal', from: 'b', data: { candidate } });
    }
    world.server.say('a', { type: 'signal', from: 'b', data: { candidate: null } });
    await world.run(1_000);
    expect(peerOf(ann).connection).toBe('connected');
    expect(ann.all('error')).toEqual([]);
  });
});

describe('a description that the browser refuses', () => {
  it('leads to a new connection on both sides', async () => {
    const [ann, bob] = await world.pair();
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    await world.run(1_000);
    const refusing = fakePc(bob);
    FakePeerConnection.refuse = (pc) => pc === refusing;
    ann.room.publish(fakeTrack('audio'), { source: 'microphone' });
    await world.run(5_000);
    expect(fakePc(bob)).not.toBe(refusing);
    expect(sources(bob)).toEqual(['camera', 'microphone']);
    expect(peerOf(ann).connection).toBe('connected');
  });

  it('is taken by the new connection when it is the first of the peer', async () => {
    world.server.ids = ['a', 'b'];
    const ann = await world.join('ann');
    let refused = 0;
    FakePeerConnection.refuse = () => refused++ === 0;
    await world.join('bob');
    await world.run(1_000);
    expect(peerOf(ann).connection).toBe('connected');
    expect(descriptionsOf('b', 'offer')).toHaveLength(1);
  });

  it('over and over does not keep this side busy', async () => {
    const [ann] = await world.pair();
    const before = FakePeerConnection.all.size;
    for (let i = 0; i < 100; i++) {
      const description = { type: 'offer', sdp: 'junk' };
      world.server.say('a', { type: 'signal', from: 'b', data: { description } });
      await world.run(10);
    }
    // One more on each side.
    expect(FakePeerConnection.all.size).toBeLessThanOrEqual(before + 2);
    expect(ann.all('error').every(({ code }) => code === 'negotiation-failed')).toBe(true);
  });
});

describe('a peer that speaks plain WebRTC only', () => {
  /** Joins as a page would that knows descriptions and candidates and nothing else. */
  async function plain(to: Member): Promise<FakePeerConnection> {
    const pc = new FakePeerConnection();
    const socket = new WebSocket('ws://host/otter/ws', ['otter.v1', 'otter.bearer.plain']);
    const say = (data: unknown): void => {
      socket.send(JSON.stringify({ type: 'signal', to: to.room.self.id, data }));
    };
    socket.onmessage = ({ data }: { data: string }) => {
      const { type, data: signal } = JSON.parse(data) as { type: string; data: PlainSignal };
      if (type === 'signal') {
        void take(signal);
      }
    };
    const take = async ({ description, candidate }: PlainSignal): Promise<void> => {
      if (description) {
        await pc.setRemoteDescription(description);
        if (description.type === 'offer') {
          await pc.setLocalDescription();
          say({ description: pc.localDescription });
        }
      } else if (candidate) {
        await pc.addIceCandidate(candidate);
      }
    };
    pc.onicecandidate = ({ candidate }) => {
      say({ candidate });
    };
    pc.onnegotiationneeded = () => {
      void pc.setLocalDescription().then(() => {
        say({ description: pc.localDescription });
      });
    };
    await world.run(20);
    return pc;
  }

  interface PlainSignal {
    readonly description?: { readonly type: 'offer' | 'answer'; readonly sdp: string };
    readonly candidate?: RTCIceCandidateInit | null;
  }

  it('is understood, and its tracks are told apart by their kind and order', async () => {
    const ann = await world.join('ann');
    const pc = await plain(ann);
    pc.createDataChannel('mine');
    for (const kind of ['video', 'audio', 'video'] as const) {
      pc.addTrack(fakeTrack(kind) as never, new MediaStream() as never);
    }
    await world.run(5_000);
    expect(peerOf(ann).connection).toBe('connected');
    expect(sources(ann)).toEqual(['camera', 'microphone', 'screen']);
  });
});
