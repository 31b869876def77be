import { expect, test, vi } from 'vitest';
import type { FileTransfer } from '@otter/client';
import { type Means, MOST_IN_MEMORY, placeFor } from './place.js';
import { RateMeter } from './rate.js';
import { Receipt } from './receipt.js';
import { activeText, reasonText } from './words.js';

const MB = 1_000_000;
const WANTED = { name: 'a.bin', size: 100 * MB };
const discard = vi.fn();

function handle(): FileSystemFileHandle {
  return {
    name: 'mine.bin',
    createWritable: () => Promise.resolve(new WritableStream()),
  } as unknown as FileSystemFileHandle;
}

function means(parts: { picker?: Means['picker']; quota?: number; folder?: boolean }): Means {
  return {
    picker: parts.picker,
    storage: {
      getDirectory: () => Promise.reject(new Error('not used')),
      estimate: () => Promise.resolve({ quota: parts.quota ?? 1000 * MB, usage: 0 }),
    },
    folder: {
      create: () =>
        parts.folder === false
          ? Promise.reject(new Error('no createWritable'))
          : Promise.resolve({
              sink: new WritableStream<Uint8Array>(),
              file: () => Promise.resolve(new File([], 'a.bin')),
              discard,
            }),
    },
  };
}

function refuse(name: string): Means['picker'] {
  return () => Promise.reject(new DOMException('no', name));
}

test('a file goes where the person picks', async () => {
  const place = await placeFor(WANTED, means({ picker: () => Promise.resolve(handle()) }));
  expect(place).toMatchObject({ kind: 'picked', name: 'mine.bin' });
});

test('a picker that was closed takes nothing; one that is refused is passed over', async () => {
  expect(await placeFor(WANTED, means({ picker: refuse('AbortError') }))).toBe('closed');
  const place = await placeFor(WANTED, means({ picker: refuse('SecurityError') }));
  expect(place).toMatchObject({ kind: 'private' });
});

test('a disk that has too little room is told before anything is sent', async () => {
  expect(await placeFor(WANTED, means({ quota: 100 * MB }))).toBe('full');
  expect(discard).toHaveBeenCalled();
});

test('memory comes last, and takes little', async () => {
  const none = means({ folder: false });
  expect(await placeFor(WANTED, none)).toMatchObject({ kind: 'memory' });
  expect(await placeFor({ name: 'b', size: MOST_IN_MEMORY + 1 }, none)).toBe('large');
});

test('the speed is that of the last seconds, and tells the time left', () => {
  const meter = new RateMeter();
  meter.add(0, 0);
  expect(meter.rate(100)).toBeNull();
  for (let second = 1; second <= 10; second++) {
    meter.add(second * 1000, second * 5);
  }
  expect(meter.rate(100)).toEqual({ speed: 5, left: 10_000 });
  for (let second = 11; second <= 16; second++) {
    meter.add(second * 1000, 50);
  }
  expect(meter.rate(100)).toEqual({ speed: 0, left: null });
  meter.reset();
  expect(meter.rate(100)).toBeNull();
});

function transfer(parts: Partial<FileTransfer>): FileTransfer {
  return {
    ...{ name: 'a.bin', size: 10 * MB, transferred: 2 * MB, state: 'active', waiting: null },
    paused: { here: false, there: false },
    done: new Promise(() => undefined),
    error: null,
    ...parts,
  } as unknown as FileTransfer;
}

test('a file on its way says how far, how fast, and what it waits for', () => {
  const rate = { speed: MB, left: 8000 };
  expect(activeText(transfer({}), rate, 'Ann')).toBe('2.0 MB of 10 MB · 1.0 MB/s · 0:08 left');
  const held = transfer({ waiting: 'pause', paused: { here: false, there: true } });
  expect(activeText(held, rate, 'Ann')).toBe('2.0 MB of 10 MB · Paused by Ann');
  const own = transfer({ waiting: 'pause', paused: { here: true, there: true } });
  expect(activeText(own, rate, 'Ann')).toBe('2.0 MB of 10 MB · Paused');
  const cut = transfer({ waiting: 'connection' });
  expect(activeText(cut, rate, 'Ann')).toBe('2.0 MB of 10 MB · Waiting for the connection');
});

test('a full disk is not just any failure, and who has gone is named', () => {
  const cause = new DOMException('full', 'QuotaExceededError');
  const error = { cause } as unknown as FileTransfer['error'];
  const failed = transfer({ state: 'failed', error });
  expect(reasonText(failed, 'sink-failed', 'Ann')).toMatch(/not enough space/);
  expect(reasonText(transfer({ state: 'failed' }), 'sink-failed', 'Ann')).toMatch(/written/);
  expect(reasonText(failed, 'peer-left', 'Ann')).toBe('Ann has left the call.');
});

test('an offer is accepted once there is a place, and stays where there is none', async () => {
  const accept = vi.fn();
  const offered = transfer({ state: 'offered', accept });
  const refused = new Receipt(offered, () => Promise.resolve('large'));
  await refused.accept();
  expect(refused.view.get()).toMatchObject({ refused: 'large', choosing: false });
  expect(accept).not.toHaveBeenCalled();
  const sink = new WritableStream<Uint8Array>();
  const place = { kind: 'private', sink, discard: vi.fn() } as const;
  await new Receipt(offered, () => Promise.resolve(place)).accept();
  expect(accept).toHaveBeenCalledWith(sink);
});
