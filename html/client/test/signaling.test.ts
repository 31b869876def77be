import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Signaling } from '../src/signaling/signaling.js';
import type { Ending } from '../src/signaling/phases.js';
import type { Continuity } from '../src/signaling/session.js';
import type { ServerMessage } from '../src/signaling/wire.js';
import { peerInfo, welcome } from './fakes/messages.js';
import { FakePage, installFetch, problem } from './fakes/page.js';
import { FakeWebSocket, installWebSocket } from './fakes/websocket.js';

interface Watched {
  readonly signaling: Signaling;
  readonly welcomes: Continuity[];
  readonly messages: ServerMessage[];
  readonly endings: Ending[];
  downs: number;
}

let page: FakePage;

function start(token: string | (() => Promise<string>) = 'a.b.c'): Watched {
  const watched: Omit<Watched, 'signaling'> = { welcomes: [], messages: [], endings: [], downs: 0 };
  const signaling = new Signaling(
    { url: 'ws://host/otter/ws', token },
    {
      onWelcome: (_, continuity) => watched.welcomes.push(continuity),
      onMessage: (message) => watched.messages.push(message),
      onDown: () => watched.downs++,
      onClosed: (ending) => watched.endings.push(ending),
    },
  );
  signaling.start();
  return Object.assign(watched, { signaling });
}

/** Lets everything that is due now happen. */
async function settle(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

async function join(token?: string | (() => Promise<string>)): Promise<Watched> {
  const watched = start(token);
  await settle();
  FakeWebSocket.last.open();
  FakeWebSocket.last.say(welcome());
  return watched;
}

/** The next socket, opened and welcomed as the continuation of the session. */
async function resume(seq: number, received: number | null): Promise<FakeWebSocket> {
  await settle(10_000);
  const socket = FakeWebSocket.last;
  socket.open();
  socket.say(welcome({ seq, resumed: true, resume: 'secret-2', received }));
  return socket;
}

const data = (text: string): { type: 'message'; data: string } => ({ type: 'message', data: text });

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage();
  installWebSocket();
  installFetch(() => new Response('{}'));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('joining', () => {
  it('offers the protocol and the token, and nothing in the address', async () => {
    await join();
    const { protocols, url } = FakeWebSocket.last;
    expect(protocols).toEqual(['otter.v1', 'otter.bearer.a.b.c']);
    expect(url.href).toBe('ws://host/otter/ws');
  });

  it('is live with the welcome', async () => {
    const { signaling, welcomes } = await join();
    expect(welcomes).toEqual(['joined']);
    expect(signaling.live).toBe(true);
  });

  it('says why the server refuses', async () => {
    installFetch(() => problem(403, 'room-locked'));
    const { endings } = start();
    await settle();
    FakeWebSocket.last.end(1006);
    await settle();
    expect(endings[0]?.error).toMatchObject({ code: 'room-locked', status: 403 });
    expect(FakeWebSocket.all).toHaveLength(1);
  });

  it('gives up on a server that cannot be reached, after a few attempts', async () => {
    installFetch(() => new TypeError('failed'));
    const { endings } = start();
    for (let i = 0; i < 4; i++) {
      await settle(10_000);
      FakeWebSocket.last.end(1006);
    }
    await settle(10_000);
    expect(FakeWebSocket.all).toHaveLength(4);
    expect(endings[0]?.error?.code).toBe('unreachable');
  });

  it('takes a token of the wrong shape for what it is', async () => {
    const { endings } = start('no token');
    await settle();
    expect(endings[0]?.error?.code).toBe('invalid-argument');
  });

  it('drops a server that takes the socket and says nothing', async () => {
    start();
    await settle();
    FakeWebSocket.last.open();
    await settle(12_000);
    expect(FakeWebSocket.all[0]?.readyState).toBeGreaterThanOrEqual(FakeWebSocket.CLOSING);
    expect(FakeWebSocket.all.length).toBeGreaterThan(1);
  });

  it('waits in the lobby for as long as it takes', async () => {
    const { welcomes, messages } = start();
    await settle();
    FakeWebSocket.last.open();
    FakeWebSocket.last.say({ seq: 1, type: 'lobby' });
    await settle(600_000);
    FakeWebSocket.last.say(welcome({ seq: 2 }));
    expect(messages).toEqual([{ type: 'lobby' }]);
    expect(welcomes).toEqual(['joined']);
    expect(FakeWebSocket.all).toHaveLength(1);
  });
});

describe('the end', () => {
  it.each([
    [1000, 'left'],
    [4403, 'kicked'],
    [4404, 'room-closed'],
    [4409, 'replaced'],
    [4401, 'token-expired'],
  ])('comes with close code %i', async (code, reason) => {
    const { endings } = await join();
    FakeWebSocket.last.end(code);
    await settle(60_000);
    expect(endings).toEqual([{ reason, closeCode: code, error: null }]);
    expect(FakeWebSocket.all).toHaveLength(1);
  });

  it('carries the reason of the bye before it', async () => {
    const { endings } = await join();
    FakeWebSocket.last.say({ seq: 2, type: 'bye', reason: 'room-expired' });
    FakeWebSocket.last.end(4404);
    expect(endings[0]?.reason).toBe('room-expired');
  });

  it('is told to the server by leave, and waits for it a second at most', async () => {
    const { signaling, endings } = await join();
    FakeWebSocket.last.hung = true;
    signaling.leave();
    await settle(999);
    expect(endings).toHaveLength(0);
    await settle(1);
    expect(endings).toEqual([{ reason: 'left', closeCode: null, error: null }]);

    const second = await join();
    second.signaling.leave();
    expect(FakeWebSocket.last.sent.at(-1)).toEqual({ type: 'leave' });
    FakeWebSocket.last.end(1000);
    expect(second.endings[0]).toMatchObject({ reason: 'left', closeCode: 1000 });
  });

  it('stops every timer and attempt', async () => {
    const { signaling } = await join();
    FakeWebSocket.last.end(1006);
    signaling.leave();
    await settle(600_000);
    expect(FakeWebSocket.all).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('reconnecting', () => {
  it.each([1001, 1006, 1011, 1012, 4408, 4413, 4429, 4503])(
    'continues the session after close code %i',
    async (code) => {
      const watched = await join();
      FakeWebSocket.last.end(code);
      await settle(1_000);
      expect(watched.downs).toBe(1);
      const { searchParams } = FakeWebSocket.last.url;
      expect([searchParams.get('resume'), searchParams.get('seq')]).toEqual(['secret-1', '1']);
    },
  );

  it.each([1002, 1003, 1007, 1009])('begins a new session after close code %i', async (code) => {
    await join();
    FakeWebSocket.last.end(code);
    await settle(1_000);
    expect(FakeWebSocket.all).toHaveLength(2);
    expect(FakeWebSocket.last.url.search).toBe('');
  });

  it('climbs the ladder and stays on its last rung', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    installFetch(() => new TypeError('failed'));
    const watched = await join();
    const delays: number[] = [];
    let ended = Date.now();
    FakeWebSocket.last.end(1006);
    for (let i = 2; i <= 9; i++) {
      while (FakeWebSocket.all.length < i) {
        await settle(25);
      }
      delays.push(Date.now() - ended);
      ended = Date.now();
      FakeWebSocket.last.end(1006);
    }
    // With the middle of every jitter: the rung and 75 ms.
    expect(delays).toEqual([75, 375, 1275, 2775, 4875, 7075, 7075, 7075]);
    expect(watched.downs).toBe(1);
    expect(watched.endings).toHaveLength(0);
  });

  it('starts the ladder anew after a socket that lived', async () => {
    await join();
    for (let i = 0; i < 3; i++) {
      FakeWebSocket.last.end(1006);
      await resume(2 + i, 0);
      await settle(10_000);
    }
    const before = FakeWebSocket.all.length;
    FakeWebSocket.last.end(1006);
    await settle(200);
    expect(FakeWebSocket.all.length).toBe(before + 1);
  });

  it('obeys the time that a bye names', async () => {
    await join();
    FakeWebSocket.last.say({ seq: 2, type: 'bye', reason: 'restart', retry_after_ms: 5_000 });
    await settle(1_000);
    FakeWebSocket.last.end(1012);
    page.fire('online');
    await settle(3_999);
    expect(FakeWebSocket.all).toHaveLength(1);
    await settle(1);
    expect(FakeWebSocket.all).toHaveLength(2);
    expect(FakeWebSocket.last.url.searchParams.get('seq')).toBe('2');
  });

  it('does not wait for ever for the close after a bye', async () => {
    await join();
    FakeWebSocket.last.say({ seq: 2, type: 'bye', reason: 'restart', retry_after_ms: 1_000 });
    await settle(3_001);
    expect(FakeWebSocket.all).toHaveLength(2);
  });

  it('tries at once when the network is back', async () => {
    installFetch(() => new TypeError('failed'));
    await join();
    for (let i = 0; i < 5; i++) {
      FakeWebSocket.last.end(1006);
      await settle(6_500);
    }
    FakeWebSocket.last.end(1006);
    await settle();
    const before = FakeWebSocket.all.length;
    page.fire('online');
    await settle();
    expect(FakeWebSocket.all.length).toBe(before + 1);
  });

  it('joins anew when the server does not know the session any more', async () => {
    const { welcomes } = await join();
    FakeWebSocket.last.end(1006);
    await settle(1_000);
    FakeWebSocket.last.end(1006);
    await settle(1_000);
    expect(FakeWebSocket.last.url.search).toBe('');
    FakeWebSocket.last.open();
    FakeWebSocket.last.say(welcome({ self: peerInfo('m2') }));
    expect(welcomes).toEqual(['joined', 'rejoined']);
  });

  it('keeps trying to resume while the server cannot be asked', async () => {
    installFetch(() => new Response('', { status: 502 }));
    await join();
    for (let i = 0; i < 3; i++) {
      FakeWebSocket.last.end(1006);
      await settle(5_000);
    }
    expect(FakeWebSocket.last.url.searchParams.get('resume')).toBe('secret-1');
  });

  it('keeps trying when the room has become full, and ends when it is forbidden', async () => {
    let answer = problem(409, 'room-full');
    installFetch(() => answer.clone());
    const { endings } = await join();
    FakeWebSocket.last.end(1006);
    await settle(1_000);
    FakeWebSocket.last.end(1006);
    await settle(5_000);
    expect(endings).toHaveLength(0);
    answer = problem(403, 'banned');
    FakeWebSocket.last.end(1006);
    await settle(5_000);
    expect(endings[0]?.error?.code).toBe('banned');
  });
});

describe('tokens', () => {
  it('are asked for anew after 4401, and the session goes on', async () => {
    let count = 0;
    const watched = await join(() => Promise.resolve(`t.${++count}`));
    FakeWebSocket.last.end(4401);
    await settle(1_000);
    expect(FakeWebSocket.last.protocols[1]).toBe('otter.bearer.t.2');
    expect(FakeWebSocket.last.url.searchParams.get('resume')).toBe('secret-1');
    expect(watched.endings).toHaveLength(0);
  });

  it('are asked for anew at a full rejoin, and kept for a resume', async () => {
    let count = 0;
    await join(() => Promise.resolve(`t.${++count}`));
    FakeWebSocket.last.end(1006);
    await settle(1_000);
    expect(FakeWebSocket.last.protocols[1]).toBe('otter.bearer.t.1');
    FakeWebSocket.last.open();
    FakeWebSocket.last.end(1009);
    await settle(1_000);
    expect(FakeWebSocket.last.protocols[1]).toBe('otter.bearer.t.2');
  });

  it('that are refused once are replaced, and the end when the fresh one is refused', async () => {
    let count = 0;
    const { endings } = await join(() => Promise.resolve(`t.${++count}`));
    installFetch(() => problem(401, 'token-expired'));
    FakeWebSocket.last.end(1006);
    await settle(1_000);
    FakeWebSocket.last.end(1006);
    await settle(1_000);
    expect(FakeWebSocket.last.protocols[1]).toBe('otter.bearer.t.2');
    FakeWebSocket.last.end(1006);
    await settle(5_000);
    expect(count).toBe(2);
    expect(endings[0]?.error).toMatchObject({ code: 'token-expired', status: 401 });
  });

  it('that cannot be had are asked for again', async () => {
    let fail = true;
    const ask = vi.fn(() => (fail ? Promise.reject(new Error('offline')) : Promise.resolve('t.1')));
    const { endings } = start(ask);
    await settle(100);
    fail = false;
    await settle(10_000);
    expect(FakeWebSocket.all).toHaveLength(1);
    expect(endings).toHaveLength(0);
  });
});

describe('numbers', () => {
  it('hands on what comes in order and drops what it has', async () => {
    const { messages } = await join();
    const say = (seq: number): void => {
      FakeWebSocket.last.say({ seq, type: 'message', from: null, data: seq });
    };
    [2, 2, 3, 1, 4].forEach(say);
    expect(messages.map((message) => 'data' in message && message.data)).toEqual([2, 3, 4]);
  });

  it('resumes at a hole, and joins anew when that does not mend it', async () => {
    const watched = await join();
    FakeWebSocket.last.say({ seq: 3, type: 'message', from: null, data: 3 });
    expect(watched.messages).toHaveLength(0);
    expect(watched.downs).toBe(1);
    await resume(2, 0);
    expect(FakeWebSocket.last.url.searchParams.get('seq')).toBe('1');
    FakeWebSocket.last.say({ seq: 5, type: 'message', from: null, data: 5 });
    await settle(1_000);
    expect(FakeWebSocket.last.url.search).toBe('');
  });

  it('follows a resync over a hole', async () => {
    const { messages } = await join();
    FakeWebSocket.last.say({ ...welcome(), seq: 40, type: 'resync' });
    FakeWebSocket.last.say({ seq: 41, type: 'message', from: null, data: 0 });
    expect(messages.map((message) => message.type)).toEqual(['resync', 'message']);
  });

  it('are acknowledged every 32 messages, or after 5 seconds', async () => {
    await join();
    const { sent } = FakeWebSocket.last;
    for (let seq = 2; seq <= 33; seq++) {
      FakeWebSocket.last.say({ seq, type: 'message', from: null, data: 0 });
    }
    expect(sent).toEqual([{ type: 'ack', seq: 33 }]);
    FakeWebSocket.last.say({ seq: 34, type: 'message', from: null, data: 0 });
    await settle(4_999);
    expect(sent).toHaveLength(1);
    await settle(1);
    expect(sent[1]).toEqual({ type: 'ack', seq: 34 });
    await settle(20_000);
    expect(sent.filter(({ type }) => type === 'ack')).toHaveLength(2);
  });

  it('joins anew when the server makes no sense', async () => {
    const { welcomes } = await join();
    FakeWebSocket.last.say('{"type":"welcome"');
    await settle(1_000);
    expect(FakeWebSocket.last.url.search).toBe('');
    expect(welcomes).toEqual(['joined']);
  });

  it('counts types that it does not know', async () => {
    const { messages } = await join();
    FakeWebSocket.last.say({ seq: 2, type: 'from-the-future' });
    FakeWebSocket.last.say({ seq: 3, type: 'message', from: null, data: 0 });
    expect(messages.map((message) => message.type)).toEqual(['other', 'message']);
  });
});

describe('messages of this side', () => {
  it('are sent again from the one that the server has not taken', async () => {
    const { signaling, welcomes } = await join();
    ['1', '2', '3'].forEach((text) => {
      signaling.send(data(text));
    });
    FakeWebSocket.last.end(1006);
    signaling.send(data('4'));
    const socket = await resume(2, 1);
    expect(socket.sent).toEqual([data('2'), data('3'), data('4')]);
    expect(welcomes).toEqual(['joined', 'resumed']);
  });

  it('are counted on over several drops', async () => {
    const { signaling } = await join();
    signaling.send(data('1'));
    FakeWebSocket.last.end(1006);
    const second = await resume(2, 0);
    expect(second.sent).toEqual([data('1')]);
    signaling.send(data('2'));
    second.end(1006);
    const third = await resume(3, 1);
    expect(third.sent).toEqual([data('2')]);
  });

  it('may be lost when the server does not count them, and that is said', async () => {
    const { signaling, welcomes } = await join();
    signaling.send(data('1'));
    FakeWebSocket.last.end(1006);
    signaling.send(data('2'));
    const socket = await resume(2, null);
    expect(socket.sent).toEqual([data('2')]);
    expect(welcomes).toEqual(['joined', 'lossy']);
  });

  it('are counted anew by a server that does not know, and sent once all the same', async () => {
    const { signaling, welcomes } = await join();
    for (const text of ['1', '2', '3']) {
      signaling.send(data(text));
    }
    FakeWebSocket.last.end(1006);
    signaling.send(data('4'));
    const second = await resume(2, null);
    signaling.send(data('5'));
    signaling.send(data('6'));
    expect(second.sent).toEqual(['4', '5', '6'].map(data));
    second.end(1006);
    const third = await resume(3, 2);
    expect(third.sent).toEqual([data('6')]);
    expect(welcomes).toEqual(['joined', 'lossy', 'resumed']);
  });

  it('are kept within bounds, and what fell out is said to be lost', async () => {
    const { signaling, welcomes } = await join();
    for (let i = 1; i <= 1000; i++) {
      signaling.send(data(String(i)));
    }
    FakeWebSocket.last.end(1006);
    const socket = await resume(2, 10);
    expect(socket.sent).toHaveLength(512);
    expect(socket.sent.at(-1)).toEqual(data('1000'));
    expect(welcomes).toEqual(['joined', 'lossy']);
  });

  it('go to a new session only when they mean something there and were never sent', async () => {
    const { signaling } = await join();
    signaling.send(data('sent'));
    FakeWebSocket.last.end(1009);
    signaling.send(data('waiting'));
    signaling.send({ type: 'signal', to: 'x', data: 1 });
    await settle(1_000);
    FakeWebSocket.last.open();
    FakeWebSocket.last.say(welcome());
    expect(FakeWebSocket.last.sent).toEqual([data('waiting')]);
  });
});

describe('a socket that hangs', () => {
  it('is found out after silence and replaced', async () => {
    const watched = await join();
    FakeWebSocket.last.hung = true;
    await settle(25_000 + 4_999);
    expect(FakeWebSocket.all).toHaveLength(1);
    await settle(500);
    expect(FakeWebSocket.all).toHaveLength(2);
    expect(watched.downs).toBe(1);
    expect(watched.signaling.live).toBe(false);
  });

  it('is found out sooner after a change of network, or when the page is shown', async () => {
    for (const doubt of ['online', 'shown'] as const) {
      await join();
      const before = FakeWebSocket.all.length;
      FakeWebSocket.last.hung = true;
      if (doubt === 'online') {
        page.fire('online');
      } else {
        page.show();
      }
      await settle(3_500);
      expect(FakeWebSocket.all.length).toBe(before + 1);
    }
  });

  it('is not suspected while answers come, which are kept from the room', async () => {
    installWebSocket({
      onMessage: (socket, { type, ref }) => {
        if (type === 'signal') {
          seq++;
          socket.say({ seq, type: 'error', code: 'no-such-peer', detail: '', ref });
        }
      },
    });
    let seq = 1;
    const { messages } = await join();
    page.fire('online');
    await settle(120_000);
    expect(FakeWebSocket.all).toHaveLength(1);
    expect(FakeWebSocket.last.sent.length).toBeGreaterThan(4);
    expect(messages).toEqual([]);
  });

  it('has delivered what was sent before its last answer', async () => {
    const { signaling, welcomes } = await join();
    signaling.send(data('1'));
    page.fire('online');
    const ref = FakeWebSocket.last.sent.at(-1)?.ref;
    FakeWebSocket.last.say({ seq: 2, type: 'error', code: 'no-such-peer', detail: '', ref });
    FakeWebSocket.last.end(1006);
    const socket = await resume(3, null);
    expect(socket.sent).toEqual([]);
    expect(welcomes).toEqual(['joined', 'resumed']);
  });
});
