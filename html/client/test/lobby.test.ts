import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../src/connect.js';
import { OtterError } from '../src/errors.js';
import { peerInfo, roomInfo, welcome } from './fakes/messages.js';
import { FakeWebSocket } from './fakes/websocket.js';
import { World } from './fakes/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.end();
});

describe('waiting in the lobby', () => {
  async function wait(): Promise<{
    socket: FakeWebSocket;
    onWaiting: () => void;
    joined: unknown[];
  }> {
    const onWaiting = vi.fn();
    const joined: unknown[] = [];
    world.server.down = true;
    const joining = connect({
      url: 'ws://host/otter/ws',
      token: 'ann',
      onWaiting,
    });
    joining.then(
      (room) => joined.push(room),
      (error: unknown) => joined.push(error),
    );
    await world.run(0);
    const socket = FakeWebSocket.last;
    socket.open();
    socket.say({
      seq: 1,
      type: 'lobby',
      session: 's',
      resume: 'x',
      resumed: false,
    });
    return { socket, onWaiting, joined };
  }

  it('is told, and lasts as long as it takes', async () => {
    const { socket, onWaiting, joined } = await wait();
    await world.run(600_000);
    expect(onWaiting).toHaveBeenCalledTimes(1);
    expect(joined).toEqual([]);
    expect(FakeWebSocket.last).toBe(socket);
    socket.say({ seq: 2, type: 'admitted' });
    socket.say(welcome({ seq: 3, peers: [peerInfo('b', 'bob')] }));
    await world.run(0);
    expect(joined).toMatchObject([{ state: 'connected' }]);
  });

  it('ends with the reason when a moderator says no', async () => {
    const { socket, joined } = await wait();
    socket.say({ seq: 2, type: 'bye', reason: 'denied' });
    socket.end(4403);
    await world.run(0);
    expect(joined[0]).toBeInstanceOf(OtterError);
    expect(joined).toMatchObject([{ code: 'denied', closeCode: 4403 }]);
  });
});

describe('a moderator', () => {
  const knock = (id: string): void => {
    world.server.say('p1', { type: 'knock', peer: peerInfo(id) });
  };

  it('hears who asks to be let in, once, until they are in or gone', async () => {
    const { room, all } = await world.join('ann');
    knock('x');
    knock('x');
    knock('y');
    await world.run(5);
    expect(all('knock').map(({ id }) => id)).toEqual(['x', 'y']);
    expect([...room.waiting.keys()]).toEqual(['x', 'y']);
    world.server.say('p1', { type: 'peer-joined', peer: peerInfo('x') });
    world.server.say('p1', { type: 'peer-left', peer: 'y', reason: 'left' });
    await world.run(5);
    expect(room.waiting.size).toBe(0);
    expect([...room.peers.keys()]).toEqual(['x']);
    expect(all('peer-left')).toEqual([]);
  });

  it('begins anew with what a resync brings', async () => {
    const { room } = await world.join('ann');
    knock('x');
    world.server.say('p1', { type: 'resync', ...world.server.snapshot('p1') });
    knock('y');
    await world.run(5);
    expect([...room.waiting.keys()]).toEqual(['y']);
  });

  it('says what is to be done', async () => {
    const { room } = await world.join('ann');
    room.admit('x');
    room.deny('y');
    room.kick('z');
    room.setPolicy({ locked: true });
    room.setPolicy({ lobby: false, maxPeers: 3 });
    await world.run(5);
    expect(world.server.taken).toEqual([
      { type: 'admit', peer: 'x' },
      { type: 'deny', peer: 'y' },
      { type: 'kick', peer: 'z' },
      { type: 'room', locked: true },
      { type: 'room', lobby: false, max_peers: 3 },
    ]);
    void room.leave();
    await world.run(2_000);
    expect(() => {
      room.kick('z');
    }).toThrow(OtterError);
  });

  it('is told of the change like everybody', async () => {
    const { room, all } = await world.join('ann');
    world.server.say('p1', {
      type: 'room-updated',
      room: roomInfo({ locked: true }),
    });
    await world.run(5);
    expect(room.info.locked).toBe(true);
    expect(all('room-updated')).toHaveLength(1);
  });
});
