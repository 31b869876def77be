import type { OtterError } from '@otter/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeTrack } from '../../client/test/fakes/media.js';
import { peerInfo } from '../../client/test/fakes/messages.js';
import {
  LocalMedia,
  useChat,
  useConnection,
  useLobby,
  useLocalMedia,
  usePeers,
  usePublish,
  useRoom,
  useRoomInfo,
  useRoomState,
  useSelf,
  useStats,
  useTracks,
} from '../src/index.js';
import { installDevices, Stage } from './stage.js';

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(async () => {
  await stage.end();
});

describe('usePeers', () => {
  it('follows who comes, what they send and who goes', async () => {
    const ann = await stage.join('ann');
    const peers = await stage.hook(usePeers, ann);
    expect(peers.now()).toEqual([]);

    const bob = await stage.join('bob');
    await stage.run(2_000);
    expect(peers.now().map(({ name, connection }) => [name, connection])).toEqual([
      ['BOB', 'connected'],
    ]);
    expect(peers.now()[0]?.microphoneOn).toBe(false);

    const microphone = bob.publish(fakeTrack('audio'), { source: 'microphone' });
    await stage.run(500);
    expect(peers.now()[0]?.microphoneOn).toBe(true);
    microphone.setMuted(true);
    await stage.run(500);
    expect(peers.now()[0]?.microphoneOn).toBe(false);

    void bob.leave();
    await stage.run(500);
    expect(peers.now()).toEqual([]);
  });

  it('stays the same while nothing happens', async () => {
    const [ann] = await stage.pair();
    const peers = await stage.hook(usePeers, ann);
    const before = peers.now();
    await stage.run(1_000);
    expect(peers.now()).toBe(before);
  });
});

describe('useTracks', () => {
  it('tells the tracks of one source, or all', async () => {
    const [ann, bob] = await stage.pair();
    const all = await stage.hook(() => useTracks(), ann);
    const cameras = await stage.hook(() => useTracks('camera'), ann);
    bob.publish(fakeTrack('audio'), { source: 'microphone' });
    bob.publish(fakeTrack('video'), { source: 'camera' });
    await stage.run(1_000);
    expect(all.now().map(({ track }) => track.source)).toEqual(['microphone', 'camera']);
    expect(cameras.now().map(({ peer, track }) => [peer.name, track.source])).toEqual([
      ['BOB', 'camera'],
    ]);
  });
});

describe('useChat', () => {
  it('has both sides of the conversation in order', async () => {
    const [ann, bob] = await stage.pair();
    const chat = await stage.hook(useChat, ann);
    chat.now().send('Hello');
    await stage.run(100);
    bob.sendChat('Hi');
    await stage.run(100);
    expect(chat.now().lines.map(({ text, own, name }) => [text, own, name])).toEqual([
      ['Hello', true, 'ANN'],
      ['Hi', false, 'BOB'],
    ]);
  });

  it('throws for what the library does not send, and keeps nothing of it', async () => {
    const [ann] = await stage.pair();
    const chat = await stage.hook(useChat, ann);
    expect(() => {
      chat.now().send('');
    }).toThrow();
    expect(chat.now().lines).toEqual([]);
  });
});

describe('the room', () => {
  it('and this side are told as they are, and as they become', async () => {
    const [ann] = await stage.pair();
    const seen = await stage.hook(
      () => ({ state: useRoomState(), self: useSelf(), info: useRoomInfo() }),
      ann,
    );
    expect(seen.now()).toMatchObject({
      state: 'connected',
      self: { identity: 'ann' },
      info: { room: 'r', locked: false },
    });
    stage.server.say('a', { type: 'room-updated', room: { ...ann.info, locked: true } });
    stage.server.say('a', { type: 'peer-updated', peer: { ...ann.self, name: 'Annie' } });
    await stage.run(10);
    expect(seen.now()).toMatchObject({ self: { name: 'Annie' }, info: { locked: true } });
  });

  it('is missed where there is none above', async () => {
    await expect(stage.hook(useRoom)).rejects.toThrow('RoomProvider');
  });
});

describe('useLobby', () => {
  it('tells a moderator who waits', async () => {
    const [ann] = await stage.pair();
    const lobby = await stage.hook(useLobby, ann);
    stage.server.say('a', { type: 'knock', peer: peerInfo('x') });
    await stage.run(10);
    expect(lobby.now().waiting.map(({ id }) => id)).toEqual(['x']);
    stage.server.say('a', { type: 'peer-left', peer: 'x', reason: 'left' });
    await stage.run(10);
    expect(lobby.now().waiting).toEqual([]);
  });
});

describe('useConnection', () => {
  const url = 'ws://host/otter/ws';

  it('joins, and leaves when the component goes', async () => {
    const ann = await stage.join('ann');
    const connection = await stage.hook(() => useConnection({ url, token: 'bob' }));
    expect(connection.now().at).toBe('connecting');
    await stage.run(100);
    expect(connection.now().at).toBe('connected');
    expect([...ann.peers.values()].map(({ info }) => info.identity)).toEqual(['bob']);
    await connection.unmount();
    await stage.run(100);
    expect(ann.peers.size).toBe(0);
  });

  it('says how it ended', async () => {
    const connection = await stage.hook(() => useConnection({ url, token: 'bob' }));
    await stage.run(100);
    const joined = connection.now();
    expect(joined.at).toBe('connected');
    if (joined.at === 'connected') {
      void joined.room.leave();
    }
    await stage.run(100);
    expect(connection.now()).toMatchObject({ at: 'closed', reason: 'left' });
  });

  it('says why it failed', async () => {
    const connection = await stage.hook(() => useConnection({ url: 'no URL', token: 'bob' }));
    await stage.run(100);
    const failed = connection.now();
    expect(failed.at).toBe('failed');
    expect((failed as { error: OtterError }).error.code).toBe('invalid-argument');
  });

  it('does nothing without options', async () => {
    const connection = await stage.hook(() => useConnection(null));
    await stage.run(100);
    expect(connection.now()).toEqual({ at: 'idle' });
  });
});

describe('local media', () => {
  it('is let go of with the component', async () => {
    const given = installDevices();
    const local = await stage.hook(() => useLocalMedia());
    await stage.run(10);
    expect(local.now().microphone.track).not.toBeNull();
    expect(local.now().devices.microphones).toEqual([{ id: 'audio-1', label: 'Desk' }]);
    await local.unmount();
    expect(given.map(({ readyState }) => readyState)).not.toContain('live');
  });

  it('is sent into the room, muted and unmuted, and taken back', async () => {
    installDevices();
    const [ann, bob] = await stage.pair();
    const media = new LocalMedia();
    await media.open();
    const peers = await stage.hook(usePeers, bob);
    const sending = await stage.hook(() => {
      usePublish(media);
    }, ann);
    await stage.run(1_000);
    expect(peers.now()[0]).toMatchObject({ microphoneOn: true });
    expect(peers.now()[0]?.camera).not.toBeNull();

    await media.toggle('microphone', false);
    await stage.run(500);
    expect(peers.now()[0]).toMatchObject({ microphoneOn: false });

    await sending.unmount();
    await stage.run(1_000);
    expect(peers.now()[0]?.peer.tracks.size).toBe(0);
  });

  it('keeps choices where it is told to', async () => {
    installDevices();
    const kept = new Map<string, string>([['camera.on', 'no']]);
    const memory = {
      get: (key: string) => kept.get(key) ?? null,
      set: (key: string, value: string) => {
        kept.set(key, value);
      },
    };
    const media = new LocalMedia(memory);
    expect(media.state.get().camera.on).toBe(false);
    await media.toggle('microphone', false);
    expect(kept.get('microphone.on')).toBe('no');
    expect(new LocalMedia(memory).state.get().microphone.on).toBe(false);
    expect(new LocalMedia().state.get().microphone.on).toBe(true);
  });
});

describe('useStats', () => {
  it('is null without a connection, and has no rates at the first look', async () => {
    const [ann] = await stage.pair();
    const [peer] = ann.peers.values();
    if (peer === undefined) {
      throw new Error('there is no peer');
    }
    const stats = await stage.hook(() => useStats(peer, 1000));
    await stage.run(10);
    expect(stats.now()).toMatchObject({ rates: null });
    void ann.leave();
    await stage.run(1_500);
    expect(stats.now()).toBeNull();
  });
});
