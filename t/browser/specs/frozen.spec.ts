import { BarePeer } from '../lib/bare-peer.js';
import { seesAndHears } from '../lib/media.js';
import { expect, test } from '../lib/test.js';

interface Frozen {
  readonly source: string;
  readonly frozen: string | null;
}

declare const window: {
  readonly peer: {
    readonly room: {
      on(event: string, handler: (arg: { track: Frozen; recovery: string }) => void): void;
    };
  };
  readonly otterConnections: RTCPeerConnection[];
  frozen: string[];
  steps: string[];
};

test('media that stands still though connected is told, and mended', async ({ browser, nginx }) => {
  const ann = await BarePeer.join(browser, nginx, 'frozen', 'Ann');
  const ben = await BarePeer.join(browser, nginx, 'frozen', 'Ben');
  await ann.media();
  await ann.publish('camera', 'microphone');
  await seesAndHears(ben.page);
  await ben.page.evaluate(() => {
    window.frozen = [];
    window.steps = [];
    window.peer.room.on('track-frozen', ({ track }) => {
      window.frozen.push(`${track.source} ${track.frozen ?? 'moves'}`);
    });
    window.peer.room.on('peer-recovery', ({ recovery }) => window.steps.push(recovery));
  });

  // The connection stays up, and nothing is fed into it any more: a fault that no state tells.
  await ann.page.evaluate(async () => {
    for (const pc of window.otterConnections) {
      for (const sender of pc.getSenders()) {
        await sender.replaceTrack(null);
      }
    }
  });
  await expect
    .poll(() => ben.page.evaluate(() => window.frozen), { timeout: 30_000 })
    .toContain('camera no-data');
  await expect
    .poll(() => ben.page.evaluate(() => window.steps), { timeout: 30_000 })
    .toEqual(expect.arrayContaining(['ice-restart', 'rebuild', 'none']));
  await seesAndHears(ben.page);
  await ann.close();
  await ben.close();
});

test('a muted microphone and a still screen are not frozen', async ({ browser, nginx }) => {
  const ann = await BarePeer.join(browser, nginx, 'still', 'Ann');
  const ben = await BarePeer.join(browser, nginx, 'still', 'Ben');
  await ann.page.evaluate(() => {
    const { peer } = window as unknown as {
      peer: { tracks: object; room: object };
    };
    const canvas = document.createElement('canvas');
    canvas.getContext('2d')?.fillRect(0, 0, 100, 100);
    const [picture] = canvas.captureStream().getVideoTracks();
    const silence = new AudioContext().createMediaStreamDestination();
    const [sound] = silence.stream.getAudioTracks();
    Object.assign(peer, { tracks: { screen: picture, microphone: sound } });
  });
  await ann.publish('screen', 'microphone');
  await ben.page.evaluate(() => {
    window.frozen = [];
    window.peer.room.on('track-frozen', ({ track }) => window.frozen.push(track.source));
  });
  await ben.page.waitForTimeout(15_000);
  expect(await ben.page.evaluate(() => window.frozen)).toEqual([]);
  await ann.close();
  await ben.close();
});
