import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeTrack } from './fakes/media.js';
import { installFetch } from './fakes/page.js';
import { FakePeerConnection } from './fakes/rtc.js';
import { fakePc, peerOf, sources, World, type Member } from './fakes/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.end();
});

/** Interrupts the connection of a pair, as a fault of the network does. */
function fail(members: readonly Member[], state: 'disconnected' | 'failed'): void {
  FakePeerConnection.network = false;
  for (const member of members) {
    fakePc(member).become(state);
  }
}

describe('a socket that drops', () => {
  it('leaves the connections alone and is told as reconnecting', async () => {
    const [ann, bob] = await world.pair();
    const connection = fakePc(ann);
    world.server.cut('a');
    await world.run(1);
    expect(ann.room.state).toBe('reconnecting');
    expect(peerOf(bob).away).toBe(true);
    await world.run(500);
    expect(ann.all('state')).toEqual(['reconnecting', 'connected']);
    expect(peerOf(bob).away).toBe(false);
    expect(bob.events).not.toContain('peer-left');
    expect(fakePc(ann)).toBe(connection);
    expect(connection.connectionState).toBe('connected');
  });

  it('delays what is published meanwhile and loses nothing', async () => {
    const [ann, bob] = await world.pair();
    world.server.down = true;
    world.server.cut('a');
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    bob.room.publish(fakeTrack('audio'), { source: 'microphone' });
    ann.room.sendMessage('later');
    await world.run(3_000);
    expect(sources(bob)).toEqual([]);
    // Chat needs no server.
    ann.room.sendChat('now');
    await world.run(10);
    expect(bob.all('chat')).toHaveLength(1);
    world.server.down = false;
    await world.run(10_000);
    expect(sources(bob)).toEqual(['camera']);
    expect(sources(ann)).toEqual(['microphone']);
    expect(bob.all('message').map(({ data }) => data)).toEqual(['later']);
  });

  it('misses nothing that others did meanwhile', async () => {
    const [ann] = await world.pair();
    world.server.down = true;
    world.server.cut('a');
    await world.run(100);
    world.server.leave('b', 'left');
    world.server.down = false;
    await world.run(10_000);
    expect(ann.all('peer-left').map(({ reason }) => reason)).toEqual(['left']);
  });

  it('asks the peers for what may be lost when the server did not count', async () => {
    world.server.counts = false;
    const [ann, bob] = await world.pair();
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    await world.run(1);
    // The offer is on its way to a server that has lost the socket.
    world.server.lose = () => true;
    await world.run(5);
    world.server.cut('a');
    world.server.lose = () => false;
    await world.run(2_000);
    expect(sources(bob)).toEqual(['camera']);
  });
});

describe('a resync', () => {
  it('brings the list of peers up to date and mends what is pending', async () => {
    const [ann, bob] = await world.pair();
    const eve = await world.join('eve');
    await world.run(2_000);
    const connection = fakePc(ann);
    world.server.lose = (from) => from === 'b';
    bob.room.publish(fakeTrack('video'), { source: 'camera' });
    await world.run(500);
    world.server.lose = () => false;
    void eve.room.leave();
    await world.run(10);
    world.server.say('a', { type: 'resync', ...world.server.snapshot('a') });
    await world.run(1_000);
    expect(ann.room.peers.size).toBe(1);
    expect(fakePc(ann)).toBe(connection);
    expect(sources(ann)).toEqual(['camera']);
  });

  it('keeps whoever is connected and not in it, until they are back or silent', async () => {
    const [ann] = await world.pair();
    const snapshot = { ...world.server.snapshot('a'), peers: [] };
    world.server.say('a', { type: 'resync', ...snapshot });
    expect(peerOf(ann).away).toBe(true);
    await world.run(29_000);
    expect(ann.room.peers.size).toBe(1);
    await world.run(2_000);
    expect(ann.room.peers.size).toBe(0);
    expect(ann.all('peer-left').map(({ reason }) => reason)).toEqual(['timeout']);
  });
});

describe('a server that has forgotten everything', () => {
  it('is joined anew, and the connections go on under new ids', async () => {
    const [ann, bob] = await world.pair();
    ann.room.publish(fakeTrack('video'), { source: 'camera' });
    await world.run(1_000);
    const connections = [fakePc(ann), fakePc(bob)];
    world.server.ids = ['x', 'w'];
    world.server.crash();
    await world.run(5_000);
    expect([fakePc(ann), fakePc(bob)]).toEqual(connections);
    expect([ann.room.self.id, bob.room.self.id].sort()).toEqual(['w', 'x']);
    expect([...ann.room.peers.keys()]).toEqual([bob.room.self.id]);
    expect(peerOf(ann).info.id).toBe(bob.room.self.id);
    expect(peerOf(ann).away).toBe(false);
    for (const { events } of [ann, bob]) {
      expect(events).not.toContain('peer-left');
      expect(events).not.toContain('track-removed');
      expect(events).toContain('self-updated');
    }
    // Negotiation, chat and mute go on, with the roles that the new ids give.
    bob.room.publish(fakeTrack('audio'), { source: 'microphone' }).setMuted(true);
    ann.room.publish(fakeTrack('audio'), { source: 'microphone' });
    ann.room.sendChat('still here');
    await world.run(2_000);
    expect(peerOf(ann).tracks.get('microphone')?.muted).toBe(true);
    expect(sources(bob)).toEqual(['camera', 'microphone']);
    expect(bob.all('chat').map(({ from }) => from)).toEqual([ann.room.self.id]);
  });

  it('may be back for one side much sooner than for the other', async () => {
    const [ann, bob] = await world.pair();
    const connections = [fakePc(ann), fakePc(bob)];
    world.server.crash();
    await world.run(20);
    world.server.cut(ann.room.self.id);
    await world.run(8_000);
    expect(ann.room.state).toBe('connected');
    expect([fakePc(ann), fakePc(bob)]).toEqual(connections);
    expect(peerOf(bob).away).toBe(false);
  });

  it('is told the name and metadata again that were set with update', async () => {
    const ann = await world.join('ann');
    ann.room.update({ name: 'Annie' });
    await world.run(10);
    world.server.taken.length = 0;
    world.server.crash();
    await world.run(2_000);
    const updates = world.server.taken.filter(({ type }) => type === 'update');
    expect(updates).toEqual([{ type: 'update', name: 'Annie' }]);
  });
});

describe('somebody who comes back', () => {
  it('with a page of their own is a new peer', async () => {
    const [ann, bob] = await world.pair();
    const before = peerOf(ann);
    // The same identity in another tab: the old session is replaced.
    const other = await world.join('bob');
    await world.run(3_000);
    expect(bob.all('closed').map(({ reason }) => reason)).toEqual(['replaced']);
    expect(ann.events.filter((event) => /^peer-(joined|left|connection)$/.test(event))).toEqual([
      'peer-joined',
      'peer-connection',
      'peer-left',
      'peer-joined',
      'peer-connection',
    ]);
    expect(peerOf(ann)).not.toBe(before);
    expect(peerOf(ann).connection).toBe('connected');
    expect(peerOf(other).connection).toBe('connected');
  });

  it('and says nothing is given up after a moment', async () => {
    const [ann] = await world.pair();
    world.server.lose = () => true;
    const info = { ...world.server.members.get('b')?.info, id: 'b2' };
    world.server.say('a', { type: 'peer-left', peer: 'b', reason: 'timeout' });
    world.server.say('a', { type: 'peer-joined', peer: info });
    expect(ann.events.at(-1)).toBe('peer-updated');
    await world.run(3_100);
    expect(ann.all('peer-left')).toHaveLength(1);
    expect([...ann.room.peers.keys()]).toEqual(['b2']);
  });

  it('after their connection has failed is not waited for', async () => {
    const [ann] = await world.pair();
    fail([ann], 'failed');
    world.server.leave('b', 'timeout');
    await world.run(10);
    expect(ann.room.peers.size).toBe(0);
  });

  it('is dropped at once when their kept connection fails', async () => {
    const [ann] = await world.pair();
    world.server.leave('b', 'timeout');
    await world.run(10);
    expect(ann.room.peers.size).toBe(1);
    fail([ann], 'failed');
    expect(ann.room.peers.size).toBe(0);
  });

  it('but was kicked is gone whatever their connection does', async () => {
    const [ann] = await world.pair();
    world.server.leave('b', 'kicked', 4403);
    await world.run(10);
    expect(ann.room.peers.size).toBe(0);
  });
});

describe('a connection that breaks', () => {
  it('is given a moment', async () => {
    const [ann, bob] = await world.pair();
    const { ufrag } = fakePc(ann);
    fail([ann, bob], 'disconnected');
    expect(peerOf(ann).connection).toBe('unstable');
    await world.run(2_000);
    FakePeerConnection.network = true;
    fakePc(ann).become('connected');
    fakePc(bob).become('connected');
    await world.run(10_000);
    expect(fakePc(ann).ufrag).toBe(ufrag);
  });

  it('gets an ICE restart, from one side only', async () => {
    const [ann, bob] = await world.pair();
    const connections = [fakePc(ann), fakePc(bob)];
    const before = world.server.signals.length;
    fail([ann, bob], 'failed');
    FakePeerConnection.network = true;
    expect(peerOf(ann).connection).toBe('failed');
    await world.run(1_000);
    expect(peerOf(ann).connection).toBe('connected');
    expect([fakePc(ann), fakePc(bob)]).toEqual(connections);
    const offers = world.server.signals
      .slice(before)
      .filter(({ data }) => (data.description as { type?: string } | undefined)?.type === 'offer');
    expect(offers.map(({ from }) => from)).toEqual(['a']);
  });

  it('is built anew when restarts do not help, with everything that was sent', async () => {
    const [ann, bob] = await world.pair();
    ann.room.publish(fakeTrack('video'), { source: 'camera' }).setMuted(true);
    await world.run(1_000);
    const connections = [fakePc(ann), fakePc(bob)];
    fail([ann, bob], 'failed');
    await world.run(11_500);
    FakePeerConnection.network = true;
    await world.run(10_000);
    expect(peerOf(ann).connection).toBe('connected');
    expect(fakePc(ann)).not.toBe(connections[0]);
    expect(fakePc(bob)).not.toBe(connections[1]);
    expect(connections.map(({ signalingState }) => signalingState)).toEqual(['closed', 'closed']);
    expect(peerOf(bob).tracks.get('camera')?.muted).toBe(true);
    expect(bob.events).not.toContain('peer-left');
  });

  it('loses no chat message that was under way', async () => {
    const [ann, bob] = await world.pair();
    fail([ann, bob], 'failed');
    for (const channel of fakePc(ann).channels) {
      channel.other = null;
    }
    ann.room.sendChat('1');
    ann.room.sendChat('2');
    await world.run(11_500);
    FakePeerConnection.network = true;
    await world.run(10_000);
    ann.room.sendChat('3');
    await world.run(100);
    expect(bob.all('chat').map(({ text }) => text)).toEqual(['1', '2', '3']);
  });

  it('climbs the ladder at the documented times', async () => {
    const [ann, bob] = await world.pair();
    ann.room.publish(fakeTrack('video'), { source: 'camera' }).setMuted(true);
    await world.run(1_000);
    const steps: [number, string][] = [];
    const began = Date.now();
    ann.room.on('peer-recovery', (peer) => {
      steps.push([(Date.now() - began) / 1000, peer.recovery]);
    });
    const session = ann.room.self.id;
    fail([ann, bob], 'disconnected');
    await world.run(24_000);
    expect(steps).toEqual([
      [0, 'grace'],
      [2.5, 'ice-restart'],
      [14.5, 'rebuild'],
    ]);
    expect(ann.room.self.id).toBe(session);
    await world.run(7_000);
    expect(steps[3]).toEqual([24.5, 'rejoin']);
    expect(ann.room.self.id).not.toBe(session);
    FakePeerConnection.network = true;
    await world.run(20_000);
    expect(peerOf(ann).connection).toBe('connected');
    expect(peerOf(ann).recovery).toBe('none');
    expect(peerOf(bob).tracks.get('camera')?.muted).toBe(true);
  });

  it('joins anew no more than once a minute', async () => {
    const [ann, bob] = await world.pair();
    fail([ann, bob], 'failed');
    await world.run(23_000);
    expect(ann.room.self.id).not.toBe('a');
    const { id } = ann.room.self;
    // The ladder comes to its top again at 52 s, and builds the connection anew instead.
    await world.run(35_000);
    expect(ann.room.self.id).toBe(id);
    expect(peerOf(ann).recovery).toBe('rebuild');
    await world.run(40_000);
    expect(ann.room.self.id).not.toBe(id);
  });

  it('gets fresh credentials before ICE is restarted, in one request for all', async () => {
    const asked: string[] = [];
    const [ann] = await world.pair();
    installFetch((url) => {
      asked.push(url);
      const ice_servers = [{ urls: 'turn:t.example', username: 'new', credential: 'c' }];
      return new Response(JSON.stringify({ ice_servers }));
    });
    fail([ann], 'failed');
    await world.run(100);
    expect(asked).toEqual([]);
    FakePeerConnection.network = true;
    fakePc(ann).become('connected');
    await world.run(61_000);
    await world.join('eve');
    await world.run(2_000);
    for (const peer of ann.room.peers.values()) {
      (peer.pc as unknown as FakePeerConnection).become('failed');
    }
    await world.run(100);
    expect(asked).toEqual(['http://host/otter/ice-servers']);
    for (const peer of ann.room.peers.values()) {
      const { configuration } = peer.pc as unknown as FakePeerConnection;
      expect(configuration.iceServers).toMatchObject([{ username: 'new' }]);
    }
  });

  it('is mended with what there is when fresh credentials cannot be had', async () => {
    const [ann, bob] = await world.pair();
    await world.run(61_000);
    installFetch(() => new TypeError('failed'));
    const { ufrag } = fakePc(ann);
    fail([ann, bob], 'failed');
    FakePeerConnection.network = true;
    await world.run(1_000);
    expect(fakePc(ann).ufrag).not.toBe(ufrag);
    expect(peerOf(ann).connection).toBe('connected');
  });

  it('waits for signaling, and is mended when that is back', async () => {
    const [ann, bob] = await world.pair();
    world.server.down = true;
    world.server.cut('a');
    world.server.cut('b');
    fail([ann, bob], 'failed');
    const before = world.server.signals.length;
    await world.run(60_000);
    expect(world.server.signals.length).toBe(before);
    world.server.down = false;
    FakePeerConnection.network = true;
    await world.run(12_000);
    expect(peerOf(ann).connection).toBe('connected');
  });

  it('is restarted at once when the browser reports another network', async () => {
    const [ann] = await world.pair();
    const { ufrag } = fakePc(ann);
    world.page.fire('online');
    await world.run(1_000);
    expect(fakePc(ann).ufrag).not.toBe(ufrag);
    expect(peerOf(ann).connection).toBe('connected');
  });
});
