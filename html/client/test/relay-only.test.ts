import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { relayedCandidate, relayedSdp } from '../src/peer/relay-only.js';
import { roomInfo } from './fakes/messages.js';
import { fakePc, peerOf, World } from './fakes/world.js';

let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(() => {
  world.end();
});

/** The candidates that were signalled. */
function candidates(): readonly string[] {
  return world.server.signals
    .map(({ data }) => data.candidate as RTCIceCandidateInit | null | undefined)
    .map((init) => init?.candidate ?? '')
    .filter((candidate) => candidate !== '');
}

describe('a room where peers meet over relays alone', () => {
  it('gathers relays alone, whatever the page wants', async () => {
    world.server.room = { relay_only: true };
    world.server.ids = ['a', 'b'];
    const ann = await world.join('ann', { rtc: { iceTransportPolicy: 'all' } });
    await world.join('bob');
    await world.run(2_000);
    expect(peerOf(ann).connection).toBe('connected');
    expect(fakePc(ann).configuration.iceTransportPolicy).toBe('relay');
    expect(candidates().length).toBeGreaterThan(0);
    expect(candidates().filter((text) => !text.includes('typ relay'))).toEqual([]);
    expect(candidates().filter((text) => text.includes('198.51.100.1'))).toEqual([]);
  });

  it('does not do so elsewhere', async () => {
    await world.pair();
    expect(candidates().some((text) => text.includes('typ host'))).toBe(true);
    expect(candidates().some((text) => text.includes('198.51.100.1'))).toBe(true);
  });

  it('leaves the other ways when it becomes one', async () => {
    const [ann] = await world.pair();
    const restart = vi.spyOn(fakePc(ann), 'restartIce');
    world.server.say('a', {
      type: 'room-updated',
      room: roomInfo({ relay_only: true }),
    });
    await world.run(5);
    expect(fakePc(ann).configuration.iceTransportPolicy).toBe('relay');
    expect(restart).toHaveBeenCalledTimes(1);
    world.server.say('a', {
      type: 'room-updated',
      room: roomInfo({ relay_only: true, locked: true }),
    });
    await world.run(5);
    expect(restart).toHaveBeenCalledTimes(1);
  });
});

describe('what may be said there', () => {
  it('is a candidate of a relay, without where it is reached from', () => {
    const relay =
      'candidate:4 1 udp 41885439 192.0.2.9 50000 typ relay raddr 203.0.113.5 rport 4242';
    expect(relayedCandidate({ candidate: relay, sdpMid: '0' })).toEqual({
      candidate: relay.replace('203.0.113.5 rport 4242', '0.0.0.0 rport 0'),
      sdpMid: '0',
    });
    expect(relayedCandidate({ candidate: '', sdpMid: '0' })).toEqual({
      candidate: '',
      sdpMid: '0',
    });
    for (const type of ['host', 'srflx', 'prflx', 'relayed']) {
      expect(
        relayedCandidate({
          candidate: relay.replace('typ relay', `typ ${type}`),
        }),
      ).toBeNull();
    }
  });

  it('is a description without other addresses', () => {
    const sdp = [
      'v=0',
      'c=IN IP4 203.0.113.5',
      'a=rtcp:9 IN IP4 203.0.113.5',
      'a=candidate:1 1 udp 1 203.0.113.5 9 typ host',
      'a=candidate:2 1 udp 1 203.0.113.6 9 typ srflx raddr 10.0.0.1 rport 9',
      'a=candidate:3 1 udp 1 192.0.2.9 9 typ relay raddr 203.0.113.6 rport 9',
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'c=IN IP4 192.0.2.9',
      'a=mid:0',
      '',
    ];
    expect(relayedSdp(sdp.join('\r\n')).split('\r\n')).toEqual([
      'v=0',
      'c=IN IP4 0.0.0.0',
      'a=rtcp:9 IN IP4 0.0.0.0',
      'a=candidate:3 1 udp 1 192.0.2.9 9 typ relay raddr 0.0.0.0 rport 0',
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'c=IN IP4 192.0.2.9',
      'a=mid:0',
      '',
    ]);
  });
});
