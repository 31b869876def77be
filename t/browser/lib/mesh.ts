import type { Browser, Page } from '@playwright/test';
import { BarePeer } from './bare-peer.js';
import { recordConnections } from './media.js';
import type { Nginx } from './nginx.js';

/** What each page captures: the size of a tile of a room of four or more, twice over. */
export const CAMERA = { width: 640, height: 360, frameRate: 15 };
const TILE = 180;
/** What pages made by hand give each receiver. */
const FIXED = 400_000;

interface Streams {
  /** Frames decoded so far, by incoming picture. */
  readonly frames: readonly number[];
  /** Bytes of sound and pictures sent so far. */
  readonly sound: number;
  readonly pictures: number;
  /** Samples of sound received so far, and those of them that had to be made up. */
  readonly samples: number;
  readonly concealed: number;
}

export interface Load {
  /** Seconds of processor time of the whole browser, for each second and page. */
  readonly cpu: number;
  /** Pictures that each page gets, and the slowest of them in frames per second. */
  readonly pictures: number;
  readonly slowest: number;
  readonly mean: number;
  /** Bits per second that all pages send together. */
  readonly sound: number;
  readonly video: number;
  /** Part of the sound that had to be made up. */
  readonly holes: number;
}

interface Wishing {
  readonly peer: {
    readonly room: {
      readonly peers: ReadonlyMap<string, { want(source: string, wish: object): void }>;
      readonly plan: { readonly video: string; readonly reason: string | null };
      on(event: string, handler: (arg: never) => void): void;
    };
  };
  plan: { video: string; reason: string | null };
}

declare const window: Wishing & {
  readonly mesh: { join(video: object, rate: number, speaks: boolean): Promise<void> };
};

/** So many pages in a room, each showing the others in tiles; the first ones have microphones. */
export async function roomOf(
  browser: Browser,
  nginx: Nginx,
  size: number,
  speakers: number,
): Promise<readonly BarePeer[]> {
  const peers: BarePeer[] = [];
  for (let i = 0; i < size; i++) {
    const peer = await BarePeer.join(browser, nginx, 'mesh', `peer-${i}`);
    peers.push(peer);
    await peer.page.evaluate((height) => {
      const { room } = window.peer;
      window.plan = { video: 'full', reason: null };
      room.on('plan', (report: { video: string; reason: string | null }) => {
        window.plan = report;
      });
      const show = (): void => {
        for (const other of room.peers.values()) {
          other.want('camera', { height });
        }
      };
      show();
      room.on('peer-joined', show);
    }, TILE);
    await peer.media(CAMERA);
    await peer.publish('camera', ...(i < speakers ? ['microphone'] : []));
  }
  return peers;
}

/** What the plan of a page has said last. */
export function planOf({ page }: BarePeer): Promise<Wishing['plan']> {
  return page.evaluate(() => window.plan);
}

/** The same number of pages, each of which sends everybody the same. */
export async function meshByHand(
  browser: Browser,
  nginx: Nginx,
  size: number,
  speakers: number,
): Promise<readonly Page[]> {
  const context = await browser.newContext();
  await recordConnections(context);
  const pages: Page[] = [];
  for (let i = 0; i < size; i++) {
    const page = await context.newPage();
    pages.push(page);
    await page.goto(nginx.barePage.replace('peer.html', 'mesh.html'));
    await page.waitForFunction(() => 'mesh' in globalThis);
    await page.evaluate(([video, rate, speaks]) => window.mesh.join(video, rate, speaks), [
      CAMERA,
      FIXED,
      i < speakers,
    ] as const);
  }
  return pages;
}

/** Measures for so many seconds. */
export async function measure(
  browser: Browser,
  pages: readonly Page[],
  seconds: number,
): Promise<Load> {
  const before = await Promise.all(pages.map(streams));
  const began = Date.now();
  const spent = await cpuTime(browser);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const cpu = (await cpuTime(browser)) - spent;
  const after = await Promise.all(pages.map(streams));
  const elapsed = (Date.now() - began) / 1000;
  const rates = after.flatMap(({ frames }, i) =>
    frames.map((count, j) => (count - (before[i]?.frames[j] ?? 0)) / elapsed),
  );
  const sum = (which: Exclude<keyof Streams, 'frames'>): number =>
    after.reduce((total, now, i) => total + now[which] - (before[i]?.[which] ?? 0), 0);
  return {
    cpu: cpu / elapsed / pages.length,
    pictures: rates.length / pages.length,
    slowest: Math.min(...rates),
    mean: rates.reduce((total, rate) => total + rate, 0) / rates.length,
    sound: (sum('sound') * 8) / elapsed,
    video: (sum('pictures') * 8) / elapsed,
    holes: sum('samples') > 0 ? sum('concealed') / sum('samples') : 0,
  };
}

/** Seconds of processor time of every process of the browser. */
async function cpuTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.reduce((sum, { cpuTime: seconds }) => sum + seconds, 0);
}

function streams(page: Page): Promise<Streams> {
  return page.evaluate(async () => {
    const { otterConnections = [] } = globalThis as { otterConnections?: RTCPeerConnection[] };
    const result = { frames: [] as number[], sound: 0, pictures: 0, samples: 0, concealed: 0 };
    for (const pc of otterConnections) {
      if (pc.connectionState !== 'connected') {
        continue;
      }
      (await pc.getStats()).forEach((entry: Record<string, unknown>) => {
        if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
          result.frames.push(Number(entry.framesDecoded ?? 0));
        } else if (entry.type === 'inbound-rtp') {
          result.samples += Number(entry.totalSamplesReceived ?? 0);
          result.concealed +=
            Number(entry.concealedSamples ?? 0) - Number(entry.silentConcealedSamples ?? 0);
        } else if (entry.type === 'outbound-rtp') {
          result[entry.kind === 'audio' ? 'sound' : 'pictures'] += Number(entry.bytesSent ?? 0);
        }
      });
    }
    return result;
  });
}
