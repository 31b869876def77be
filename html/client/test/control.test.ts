import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Control, parseControl, type ControlMessage } from '../src/peer/control.js';
import { asChannel, channelPair, FakeChannel, joinChannels } from './fakes/channel.js';
import { fakeTrack } from './fakes/media.js';
import { fakePc, peerOf, World } from './fakes/world.js';

const chat = (id: string): ControlMessage => ({ type: 'chat', id, text: `text of ${id}` });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

async function run(): Promise<void> {
  await vi.advanceTimersByTimeAsync(10);
}

describe('Control', () => {
  it('delivers each message once, over any number of channels', async () => {
    const got: string[] = [];
    const sender = new Control(() => undefined);
    const receiver = new Control(({ id }) => got.push(id));
    const attach = ([a, b]: [FakeChannel, FakeChannel]): void => {
      sender.attach(asChannel(a));
      receiver.attach(asChannel(b));
    };

    sender.send(chat('1'));
    const first = [new FakeChannel('c'), new FakeChannel('c')] as [FakeChannel, FakeChannel];
    attach(first);
    joinChannels(...first);
    sender.send(chat('2'));
    await run();
    expect(got).toEqual(['1', '2']);

    // The answer to 3 is lost, and 4 with it.
    first[1].send = () => undefined;
    sender.send(chat('3'));
    await run();
    first[0].other = null;
    sender.send(chat('4'));
    await run();
    expect(got).toEqual(['1', '2', '3']);

    const second = [new FakeChannel('c'), new FakeChannel('c')] as [FakeChannel, FakeChannel];
    attach(second);
    joinChannels(...second);
    await run();
    expect(got).toEqual(['1', '2', '3', '4']);
    const sent = second[0].sent.map((text) => (JSON.parse(String(text)) as { n: number }).n);
    expect(sent).toEqual([3, 4]);
  });

  it('keeps no more than it can send again', async () => {
    const got: string[] = [];
    const sender = new Control(() => undefined);
    for (let i = 0; i < 2_000; i++) {
      sender.send(chat(String(i)));
    }
    const [a, b] = [new FakeChannel('c'), new FakeChannel('c')];
    sender.attach(asChannel(a));
    new Control(({ id }) => got.push(id)).attach(asChannel(b));
    joinChannels(a, b);
    await run();
    expect(got).toHaveLength(512);
    expect(got.at(-1)).toBe('1999');
  });

  it('survives a channel that refuses to send', () => {
    const sender = new Control(() => undefined);
    const [a] = channelPair('c');
    sender.attach(asChannel(a));
    a.send = () => {
      throw new DOMException('full', 'OperationError');
    };
    expect(() => {
      sender.send(chat('1'));
    }).not.toThrow();
  });
});

describe('what another peer sends', () => {
  it.each<[string, unknown]>([
    ['no object', 7],
    ['nothing', null],
    ['no id', { type: 'chat', text: 'x' }],
    ['a long id', { type: 'chat', id: 'x'.repeat(65), text: 'x' }],
    ['an unknown type', { type: 'dance', id: '1' }],
    ['no text', { type: 'chat', id: '1' }],
    ['text that is none', { type: 'chat', id: '1', text: { toString: 1 } }],
    ['a book', { type: 'chat', id: '1', text: 'x'.repeat(16_385) }],
    ['a mute without a revision', { type: 'mute', id: '1', muted: true }],
    ['a mute of a word', { type: 'mute', id: '1', muted: 'yes', rev: 1 }],
    ['a file without a name', { type: 'file-offer', id: '1', size: 1 }],
    ['a file with half a byte', { type: 'file-offer', id: '1', name: 'x', size: 0.5 }],
    ['a file of less than nothing', { type: 'file-offer', id: '1', name: 'x', size: -1 }],
    ['a file beyond all numbers', { type: 'file-offer', id: '1', name: 'x', size: 2 ** 60 }],
    [
      'a file with an endless name',
      { type: 'file-offer', id: '1', name: 'x'.repeat(5_000), size: 1 },
    ],
  ])('is ignored when it is %s', (_, raw) => {
    expect(parseControl(raw)).toBeUndefined();
  });

  it('disturbs nobody, however it is spoilt', async () => {
    vi.useRealTimers();
    const world = new World();
    const [ann, bob] = await world.pair();
    const channel = fakePc(ann).channels[0];
    const spoilt: (string | ArrayBuffer)[] = [
      '',
      '{',
      '[1]',
      'null',
      '{"n":-1,"type":"chat","id":"1","text":"x"}',
      '{"n":1e99,"type":"ack"}',
      '{"type":"chat","id":"1","text":"without a number"}',
      `{"n":1,"type":"chat","id":"1","text":"${'x'.repeat(200_000)}"}`,
      '{"n":2,"type":"file-accept","id":"nobody"}',
      '{"n":3,"type":"file-reject","id":"nobody"}',
      '{"n":4,"type":"file-cancel","id":"__proto__"}',
      '{"n":5,"type":"mute","id":"nobody","muted":true,"rev":1}',
      new ArrayBuffer(8),
    ];
    for (const text of spoilt) {
      channel?.send(text);
    }
    await world.run(10);
    expect(bob.all('chat')).toEqual([]);
    expect(bob.all('error')).toEqual([]);
    channel?.send('{"n":6,"type":"chat","id":"6","text":"fine"}');
    await world.run(10);
    expect(bob.all('chat').map(({ text }) => text)).toEqual(['fine']);
    world.end();
  });

  it('over signaling disturbs nobody either', async () => {
    vi.useRealTimers();
    const world = new World();
    const [ann] = await world.pair();
    const spoilt: unknown[] = [
      null,
      7,
      'text',
      [],
      {},
      { description: 1 },
      { description: { type: 'offer' } },
      { description: { type: 'rollback', sdp: 'x' } },
      { description: { type: 'offer', sdp: 'x'.repeat(1_000_001) } },
      { description: { type: 'answer', sdp: 'never asked for' } },
      { candidate: 'text' },
      { candidate: { candidate: 'x'.repeat(5_000) } },
      { candidate: { candidate: 'c', sdpMLineIndex: -1, usernameFragment: 7, sdpMid: {} } },
      { hello: 'world' },
      { tracks: [{}] },
      { hello: 'ask', pc: { a: 1 }, for: 9 },
    ];
    for (const data of spoilt) {
      world.server.say('a', { type: 'signal', from: 'b', data });
      world.server.say('a', { type: 'signal', from: 'nobody', data });
    }
    await world.run(1_000);
    expect(peerOf(ann).connection).toBe('connected');
    expect(ann.all('error')).toEqual([]);
    world.end();
  });

  it('about tracks is taken for what it can be', async () => {
    vi.useRealTimers();
    const world = new World();
    const [ann, bob] = await world.pair();
    const pc = fakePc(bob);
    pc.addTrack(fakeTrack('video') as never, new MediaStream() as never);
    world.server.lose = (from, data) => {
      const signal = data as { tracks?: unknown };
      if (from === 'b' && signal.tracks) {
        const mid = pc.getTransceivers().find(({ kind }) => kind === 'video')?.mid;
        signal.tracks = [
          7,
          { mid, id: 'x', source: 'periscope' },
          // A camera does not make a sound.
          { mid, id: 'x', source: 'microphone' },
          { mid: 'none', id: 'y', source: 'screen' },
          { mid, id: 'z', source: 'camera', muted: 'yes', rev: -1 },
          { mid, id: 'again', source: 'camera' },
        ];
      }
      return false;
    };
    await world.run(1_000);
    const tracks = [...peerOf(ann).tracks.values()];
    expect(tracks.map(({ source, muted }) => [source, muted])).toEqual([['camera', false]]);
    world.end();
  });
});

describe('offers of files', () => {
  it('get safe names, and are turned down when there are too many', async () => {
    vi.useRealTimers();
    const world = new World();
    const [ann, bob] = await world.pair();
    const channel = fakePc(ann).channels[0];
    for (let n = 1; n <= 80; n++) {
      const [name, mime] = ['../../etc/pass\u202ewd', 'text/html; charset=x'];
      const message = { n, type: 'file-offer', id: `f${n}`, name, size: 5, mime };
      channel?.send(JSON.stringify(message));
    }
    await world.run(100);
    const offers = bob.all('file');
    expect(offers).toHaveLength(64);
    expect(offers[0]).toMatchObject({ name: '_.._etc_passwd', type: '' });
    world.end();
  });
});
