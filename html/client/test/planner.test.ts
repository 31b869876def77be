import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeTrack } from './fakes/media.js';
import { FakePeerConnection } from './fakes/rtc.js';
import { fakePc, peerOf, World, type Member } from './fakes/world.js';
import type { FakeSender } from './fakes/transceiver.js';

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.end();
});

function sender(member: Member, kind: 'audio' | 'video'): FakeSender {
  const found = fakePc(member)
    .getTransceivers()
    .find((transceiver) => transceiver.kind === kind && transceiver.sender.track);
  if (!found) {
    throw new Error('nothing is sent');
  }
  return found.sender;
}

const encoding = (member: Member, kind: 'audio' | 'video'): RTCRtpEncodingParameters =>
  sender(member, kind).encodings[0] ?? {};

/** Statistics of a member's camera, as its encoder reports them. */
function camera(member: Member, fields: Record<string, unknown>): void {
  fakePc(member).stats = () => [
    { id: 'v', type: 'outbound-rtp', kind: 'video', mid: sectionOf(member), ...fields },
  ];
}

function sectionOf(member: Member): string | null {
  const found = fakePc(member)
    .getTransceivers()
    .find(({ kind, sender: { track } }) => kind === 'video' && track);
  return found?.mid ?? null;
}

async function pairWithCamera(): Promise<[Member, Member]> {
  const [ann, bob] = await world.pair();
  ann.room.publish(fakeTrack('video'), { source: 'camera' });
  ann.room.publish(fakeTrack('audio'), { source: 'microphone' });
  await world.run(1_000);
  return [ann, bob];
}

describe('the plan in a room', () => {
  it('is put in force, and again only when something changes', async () => {
    const [ann] = await pairWithCamera();
    expect(encoding(ann, 'video')).toMatchObject({ maxBitrate: 1_500_000, active: true });
    expect(encoding(ann, 'audio')).toMatchObject({ maxBitrate: 40_000, priority: 'high' });
    const { tuned } = sender(ann, 'video');
    await world.run(20_000);
    expect(sender(ann, 'video').tuned).toBe(tuned);
    await world.join('eve');
    await world.run(1_000);
    expect(encoding(ann, 'video').maxBitrate).toBe(800_000);
    expect(sender(ann, 'video').tuned).toBe(tuned + 1);
  });

  it('heeds what the receiver wishes', async () => {
    const [ann, bob] = await pairWithCamera();
    peerOf(bob).want('camera', { height: 100 });
    await world.run(1_900);
    expect(encoding(ann, 'video').scaleResolutionDownBy).toBe(1);
    await world.run(200);
    expect(encoding(ann, 'video').scaleResolutionDownBy).toBe(4);
    peerOf(bob).want('camera', { paused: true });
    await world.run(2_100);
    expect(encoding(ann, 'video').active).toBe(false);
    // It has what it wished: nothing is held back from it.
    expect(peerOf(bob).tracks.get('camera')?.paused).toBe(false);
    peerOf(bob).want('camera', { height: 2_000 });
    await world.run(50);
    expect(encoding(ann, 'video')).toMatchObject({ active: true, scaleResolutionDownBy: 1 });
    expect(ann.events).not.toContain('plan');
  });

  it('keeps wishes and plan on a new connection', async () => {
    const [ann, bob] = await pairWithCamera();
    peerOf(bob).want('camera', { height: 100 });
    await world.run(2_100);
    const old = fakePc(ann);
    FakePeerConnection.network = false;
    for (const member of [ann, bob]) {
      fakePc(member).become('failed');
    }
    await world.run(20_000);
    FakePeerConnection.network = true;
    await world.run(10_000);
    expect(fakePc(ann)).not.toBe(old);
    expect(encoding(ann, 'video').scaleResolutionDownBy).toBe(4);
  });

  it('gives pictures up step by step when the machine is overloaded, and tells both sides', async () => {
    const [ann, bob] = await pairWithCamera();
    camera(ann, { qualityLimitationReason: 'cpu' });
    await world.run(4_100);
    expect(ann.all('plan')).toEqual([{ video: 'reduced', reason: 'cpu' }]);
    expect(encoding(ann, 'video').maxBitrate).toBe(800_000);
    await world.run(14_000);
    expect(ann.room.plan).toEqual({ video: 'paused', reason: 'cpu' });
    expect(encoding(ann, 'video').active).toBe(false);
    expect(encoding(ann, 'audio')).toMatchObject({ active: true, maxBitrate: 24_000 });
    expect(peerOf(bob).tracks.get('camera')?.paused).toBe(true);
    expect(bob.all('track-paused')).toHaveLength(1);

    camera(ann, { qualityLimitationReason: 'none' });
    await world.run(12_000);
    expect(peerOf(bob).tracks.get('camera')?.paused).toBe(false);
    await world.run(40_000);
    expect(ann.all('plan').at(-1)).toEqual({ video: 'full', reason: null });
  });

  it('notices a camera whose frames are not encoded in time, and no slow camera', async () => {
    const [ann] = await pairWithCamera();
    const source = { id: 's', type: 'media-source', framesPerSecond: 7 };
    const sent = { id: 'v', type: 'outbound-rtp', kind: 'video', mediaSourceId: 's' };
    const report = (framesPerSecond: number) => () => [
      source,
      { ...sent, mid: sectionOf(ann), framesPerSecond },
    ];
    fakePc(ann).stats = report(6);
    await world.run(10_000);
    expect(ann.events).not.toContain('plan');
    fakePc(ann).stats = report(3);
    await world.run(6_000);
    expect(ann.room.plan).toEqual({ video: 'reduced', reason: 'cpu' });
  });

  it('holds back where the way is narrow', async () => {
    const [ann] = await pairWithCamera();
    fakePc(ann).stats = () => [
      {
        id: 'v',
        type: 'outbound-rtp',
        kind: 'video',
        mid: sectionOf(ann),
        qualityLimitationReason: 'bandwidth',
      },
      { id: 't', type: 'transport', selectedCandidatePairId: 'p' },
      {
        id: 'p',
        type: 'candidate-pair',
        localCandidateId: 'l',
        remoteCandidateId: 'l',
        availableOutgoingBitrate: 99_000,
      },
      { id: 'l', type: 'local-candidate' },
    ];
    await world.run(6_000);
    expect(ann.room.plan).toEqual({ video: 'reduced', reason: 'bandwidth' });
  });

  it('counts who speaks', async () => {
    const [ann] = await pairWithCamera();
    for (const name of ['cem', 'dan', 'eve']) {
      const other = await world.join(name);
      other.room.publish(fakeTrack('audio'), { source: 'microphone' });
    }
    await world.run(3_000);
    let energy = 0;
    for (const peer of ann.room.peers.values()) {
      const pc = peer.pc as unknown as ReturnType<typeof fakePc>;
      pc.stats = () => {
        energy += 1;
        const trackIdentifier = peer.tracks.get('microphone')?.track.id;
        const counts = { totalAudioEnergy: energy, totalSamplesDuration: energy };
        const timestamp = Date.now();
        const mid = pc.getTransceivers().find((t) => t.kind === 'audio')?.mid;
        return [
          { id: 'a', type: 'inbound-rtp', kind: 'audio', timestamp, trackIdentifier, ...counts },
          { id: 'm', type: 'media-source', timestamp, ...counts },
          { id: 'o', type: 'outbound-rtp', kind: 'audio', timestamp, mid, mediaSourceId: 'm' },
        ];
      };
    }
    await world.run(6_000);
    expect(ann.room.plan).toEqual({ video: 'reduced', reason: 'speakers' });
  });
});
