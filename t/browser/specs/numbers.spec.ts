import { BarePeer } from '../lib/bare-peer.js';
import { expect, test } from '../lib/test.js';

interface Stream {
  readonly source: string | null;
  readonly bitrate: number | null;
  readonly codec: string | null;
  readonly height: number | null;
  readonly fps: number | null;
  readonly level: number | null;
}

interface Stats {
  readonly path: { readonly local: string; readonly protocol: string } | null;
  readonly relayed: boolean | null;
  readonly inbound: readonly Stream[];
  readonly outbound: readonly Stream[];
}

interface Peer {
  readonly info: { readonly identity: string };
  readonly quality: string | null;
}

interface Speakers {
  setVolume(peer: Peer, volume: number): void;
  volumeOf(peer: Peer): number;
}

interface Room {
  readonly peers: ReadonlyMap<string, Peer>;
  on(event: 'peer-stats', handler: (arg: { stats: Stats }) => void): void;
}

declare const window: {
  readonly peer: {
    readonly room: Room;
    readonly otter: { readonly Speakers: new (room: Room) => Speakers };
  };
  stats: Omit<Stats, 'report'>;
  speakers: Speakers;
  played: HTMLAudioElement[];
  readonly Audio: typeof Audio;
};

test('what a connection carries, in numbers, and its grade', async ({ browser, nginx }) => {
  const ann = await BarePeer.join(browser, nginx, 'numbers', 'Ann');
  const ben = await BarePeer.join(browser, nginx, 'numbers', 'Ben');
  await ben.page.evaluate(() => {
    window.peer.room.on('peer-stats', ({ stats: { path, relayed, inbound, outbound } }) => {
      window.stats = { path, relayed, inbound, outbound };
    });
  });
  for (const peer of [ann, ben]) {
    await peer.media();
    await peer.publishAll();
  }
  await expect(async () => {
    const stats = await ben.page.evaluate(() => window.stats);
    expect(stats.path).toMatchObject({ local: 'host', protocol: 'udp' });
    expect(stats.relayed).toBe(false);
    for (const streams of [stats.inbound, stats.outbound]) {
      const by = new Map(streams.map((stream) => [stream.source, stream]));
      expect([...by.keys()].sort()).toEqual(['camera', 'microphone', 'screen', 'screen-audio']);
      expect(by.get('camera')?.bitrate).toBeGreaterThan(10_000);
      expect(by.get('camera')?.height).toBeGreaterThan(0);
      expect(by.get('camera')?.fps).toBeGreaterThan(0);
      expect(by.get('camera')?.codec).toMatch(/^(VP8|VP9|AV1|H264)$/);
      expect(by.get('microphone')?.codec).toBe('opus');
      expect(by.get('microphone')?.level).toBeGreaterThan(0);
    }
    const quality = await ben.page.evaluate(() => [...window.peer.room.peers.values()][0]?.quality);
    expect(quality).toMatch(/^(good|fair|poor)$/);
  }).toPass({ timeout: 30_000 });
  await ann.close();
  await ben.close();
});

test('each person is as loud as was set, also after coming back', async ({ browser, nginx }) => {
  const ann = await BarePeer.join(browser, nginx, 'volume', 'Ann');
  await ann.page.evaluate(() => {
    window.played = [];
    const Real = window.Audio;
    Object.assign(window, {
      Audio: class extends Real {
        constructor() {
          super();
          window.played.push(this);
        }
      },
    });
    window.speakers = new window.peer.otter.Speakers(window.peer.room);
  });
  const volumes = (): Promise<readonly number[]> =>
    ann.page.evaluate(() =>
      window.played.filter(({ paused }) => !paused).map(({ volume }) => volume),
    );

  const ben = await BarePeer.join(browser, nginx, 'volume', 'Ben');
  await ben.media();
  await ben.publishAll();
  await expect.poll(volumes).toEqual([1, 1]);
  await ann.page.evaluate(() => {
    for (const peer of window.peer.room.peers.values()) {
      window.speakers.setVolume(peer, 0.25);
    }
  });
  expect(await volumes()).toEqual([0.25, 0.25]);

  await ben.close();
  await expect.poll(volumes, { timeout: 60_000 }).toEqual([]);
  const back = await BarePeer.join(browser, nginx, 'volume', 'Ben');
  await back.media();
  await back.publishAll();
  await expect.poll(volumes).toEqual([0.25, 0.25]);
  await back.close();
  await ann.close();
});
