import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RemoteTracks } from '../src/peer/remote-tracks.js';
import type { TrackNote } from '../src/peer/signals.js';
import { FakeTrack, installMedia } from './fakes/media.js';

const events: string[] = [];
let tracks: RemoteTracks;

beforeEach(() => {
  installMedia();
  events.length = 0;
  tracks = new RemoteTracks({
    onAdded: ({ source, muted }) => events.push(`+${source}${muted ? ' muted' : ''}`),
    onRemoved: ({ source }) => events.push(`-${source}`),
    onMuted: ({ source, muted }) => events.push(`${source} ${muted ? 'muted' : 'open'}`),
    onFrozen: ({ source, frozen }) => events.push(`${source} ${frozen ?? 'moves'}`),
    onPaused: ({ source, paused }) => events.push(`${source} ${paused ? 'paused' : 'on'}`),
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const note = (mid: string, changes: Partial<TrackNote> = {}): TrackNote => ({
  mid,
  id: `id-${mid}`,
  source: 'camera',
  muted: false,
  rev: 0,
  ...changes,
});

const receivers = new Map(['0', '1'].map((mid) => [mid, { track: new FakeTrack('video') }]));

/** A connection with two video sections of these directions. */
function connection(...directions: readonly (string | null)[]): RTCPeerConnection {
  const transceivers = directions.map((currentDirection, index) => ({
    mid: String(index),
    currentDirection,
    receiver: receivers.get(String(index)),
  }));
  return { getTransceivers: () => transceivers } as unknown as RTCPeerConnection;
}

describe('RemoteTracks', () => {
  it('has a track while its section is received and noted', () => {
    tracks.describe([note('0')]);
    tracks.update(connection(null));
    tracks.update(connection('sendonly'));
    expect(events).toEqual([]);
    tracks.update(connection('recvonly'));
    tracks.update(connection('sendrecv'));
    tracks.update(connection('inactive'));
    expect(events).toEqual(['+camera', '-camera']);
  });

  it('tells one publication from the next on the same section', () => {
    tracks.describe([note('0')]);
    tracks.update(connection('recvonly'));
    tracks.describe([note('0', { id: 'other' })]);
    tracks.update(connection('recvonly'));
    tracks.describe([note('0', { id: 'other', source: 'screen' })]);
    tracks.update(connection('recvonly'));
    expect(events).toEqual(['+camera', '-camera', '+camera', '-camera', '+screen']);
  });

  it('follows a publication to another section', () => {
    tracks.describe([note('0')]);
    tracks.update(connection('recvonly', 'inactive'));
    tracks.describe([note('1', { id: 'id-0' })]);
    tracks.update(connection('inactive', 'recvonly'));
    expect(events).toEqual(['+camera', '-camera', '+camera']);
    expect(tracks.bySource.get('camera')?.track).toBe(receivers.get('1')?.track);
  });

  it('takes the newer of two words about mute, by whichever way it came', () => {
    tracks.mute('id-0', true, 2);
    tracks.describe([note('0', { muted: false, rev: 1 })]);
    tracks.update(connection('recvonly'));
    tracks.mute('id-0', false, 1);
    expect(events).toEqual(['+camera muted']);
    tracks.describe([note('0', { muted: false, rev: 3 })]);
    tracks.mute('id-0', false, 4);
    expect(events).toEqual(['+camera muted', 'camera open']);
  });

  it('forgets mutes of publications that never come', () => {
    tracks.mute('id-0', true, 5);
    for (let i = 0; i < 1_000; i++) {
      tracks.mute(`nobody-${i}`, true, 0);
    }
    tracks.describe([note('0')]);
    tracks.update(connection('recvonly'));
    expect(events).toEqual(['+camera']);
  });

  it('is empty in the end', () => {
    tracks.describe([note('0')]);
    tracks.update(connection('recvonly'));
    tracks.clear();
    expect(events).toEqual(['+camera', '-camera']);
    expect(tracks.bySource.size).toBe(0);
  });
});
