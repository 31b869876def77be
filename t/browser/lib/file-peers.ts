import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';
import type { BarePeer } from './bare-peer.js';

const MB = 1_000_000;

/** A page of the app will do, too. */
type Paged = Pick<BarePeer, 'page'>;

interface Transfer {
  readonly state: string;
  readonly transferred: number;
  readonly waiting: string | null;
  readonly done: Promise<{ sha256: string }>;
  accept(sink: WritableStream<Uint8Array>): void;
}

interface FilePage {
  readonly peer: {
    readonly room: {
      readonly peers: ReadonlyMap<string, { readonly pc: RTCPeerConnection }>;
      sendFile(file: File): Transfer[];
      on(event: 'file', handler: (transfer: Transfer) => void): void;
    };
  };
  file: File;
  transfer: Transfer;
  sentBytes: number;
}

declare const window: FilePage;

/** Puts a file of random bytes into the page's private file system. */
export async function makeFile({ page }: BarePeer, size: number): Promise<void> {
  await page.evaluate(async (bytes) => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('out.bin', { create: true });
    const stream = await handle.createWritable();
    const piece = new Uint8Array(1_000_000);
    for (let at = 0; at < piece.length; at += 65_536) {
      crypto.getRandomValues(piece.subarray(at, at + 65_536));
    }
    for (let left = bytes, n = 0; left > 0; left -= piece.length, n++) {
      new DataView(piece.buffer).setUint32(0, n);
      await stream.write(piece.slice(0, Math.min(left, piece.length)));
    }
    await stream.close();
    window.file = await handle.getFile();
  }, size);
}

/** Counts what a page sends over the channels of files. */
export async function countSent({ page }: Paged): Promise<void> {
  await page.evaluate(() => {
    window.sentBytes = 0;
    const { prototype } = RTCDataChannel;
    const real = Object.getOwnPropertyDescriptor(prototype, 'send')?.value as (
      this: RTCDataChannel,
      data: unknown,
    ) => void;
    prototype.send = function (this: RTCDataChannel, data: unknown) {
      if (this.label.startsWith('otter-file:') && typeof data !== 'string') {
        window.sentBytes += (data as Uint8Array).byteLength;
      }
      real.call(this, data);
    } as RTCDataChannel['send'];
  });
}

export function sent({ page }: Paged): Promise<number> {
  return page.evaluate(() => window.sentBytes);
}

/** Writes whatever is offered into the page's private file system. */
export async function takeFiles({ page }: BarePeer): Promise<void> {
  await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const store = async (): Promise<WritableStream<Uint8Array>> => {
      // Otherwise the one before it counts against the quota until this one is whole.
      await folder.removeEntry('in.bin').catch(() => undefined);
      return (await folder.getFileHandle('in.bin', { create: true })).createWritable();
    };
    window.peer.room.on('file', (transfer) => {
      window.transfer = transfer;
      void store().then((sink) => {
        transfer.accept(sink);
      });
    });
  });
}

export async function startFile({ page }: BarePeer): Promise<void> {
  await page.evaluate(() => {
    const [transfer] = window.peer.room.sendFile(window.file);
    if (!transfer) {
      throw new Error('there is nobody to send it to');
    }
    window.transfer = transfer;
  });
}

/** How far it is, and what it waits for. */
export function progress({
  page,
}: BarePeer): Promise<{ state: string; transferred: number; waiting: string | null }> {
  return page.evaluate(() => {
    const { state, transferred, waiting } = window.transfer;
    return { state, transferred, waiting };
  });
}

/** Waits for the end of the transfer; gives its digest. */
export function finished({ page }: BarePeer): Promise<string> {
  return page.evaluate(async () => (await window.transfer.done).sha256);
}

/** Digest of a file in the page's private file system, by a hash that is not the library's. */
export async function storedHash({ page }: BarePeer, name: string): Promise<string> {
  const bytes = await page.evaluate(async (entry) => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle(entry)).getFile();
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return [...new Uint8Array(digest)];
  }, name);
  return Buffer.from(bytes).toString('hex');
}

/** Megabytes a second of a loop that does nothing but send, over the same connection. */
export async function bareLoop(from: Paged, to: Paged, size: number): Promise<number> {
  await to.page.evaluate((bytes) => {
    const [peer] = window.peer.room.peers.values();
    peer?.pc.addEventListener(
      'datachannel',
      ({ channel }) => {
        let left = bytes;
        channel.binaryType = 'arraybuffer';
        channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
          left -= data.byteLength;
          if (left <= 0) {
            channel.send('all');
          }
        };
      },
      { once: true },
    );
  }, size);
  const ms = await from.page.evaluate(async (bytes) => {
    const [peer] = window.peer.room.peers.values();
    const channel = peer?.pc.createDataChannel('bare');
    if (!channel) {
      throw new Error('there is no peer');
    }
    channel.bufferedAmountLowThreshold = 512 * 1024;
    await new Promise((resolve) => (channel.onopen = resolve));
    const all = new Promise((resolve) => (channel.onmessage = resolve));
    const piece = new Uint8Array(256 * 1024);
    const began = performance.now();
    for (let left = bytes; left > 0; left -= piece.length) {
      while (channel.bufferedAmount > 2 * 1024 * 1024) {
        await new Promise((resolve) => (channel.onbufferedamountlow = resolve));
      }
      channel.send(left < piece.length ? piece.subarray(0, left) : piece);
    }
    await all;
    channel.close();
    return performance.now() - began;
  }, size);
  return size / MB / (ms / 1000);
}

/** Megabytes of memory that the pages of a browser hold. */
export async function memory(browser: Browser): Promise<readonly number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024) / MB;
    });
}

/** Watches the memory of the pages until stopped; gives the most that any of them held. */
export function watchMemory(browser: Browser): () => Promise<number> {
  let most = 0;
  const watch = { running: true };
  const watching = (async () => {
    while (watch.running) {
      most = Math.max(most, ...(await memory(browser)));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  })();
  return async () => {
    watch.running = false;
    await watching;
    return most;
  };
}
