import { describe, expect, test } from 'vitest';
import { headOf } from './webm-head.js';
import { ID, readUnsigned, readVint, WebmIndex } from './webm-index.js';

function bytesOf(id: number, content: readonly number[], unknown = false): number[] {
  const ids: number[] = [];
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) {
    ids.unshift(rest % 256);
  }
  const { length } = content;
  const size = unknown
    ? [0x01, 255, 255, 255, 255, 255, 255, 255]
    : [0x40 | (length >> 8), length & 255];
  return [...ids, ...size, ...content];
}

const INFO = bytesOf(ID.timestampScale, [0x0f, 0x42, 0x40]);
const TRACKS = [
  ...bytesOf(ID.trackEntry, [...bytesOf(ID.trackNumber, [1]), ...bytesOf(ID.trackType, [2])]),
  ...bytesOf(ID.trackEntry, [...bytesOf(ID.trackNumber, [2]), ...bytesOf(ID.trackType, [1])]),
];

function cluster(time: number, offsets: readonly number[]): number[] {
  return bytesOf(
    ID.cluster,
    [
      ...bytesOf(ID.timestamp, [time >> 8, time & 255]),
      ...offsets.flatMap((offset) =>
        bytesOf(ID.simpleBlock, [
          0x82,
          offset >> 8,
          offset & 255,
          0x80,
          ...Array<number>(300).fill(7),
        ]),
      ),
    ],
    true,
  );
}

const FIRST = cluster(0, [0, 40]);
const SECOND = cluster(1000, [0, 40, 500]);
const HEAD = [
  ...bytesOf(ID.ebml, [1, 2, 3]),
  ...bytesOf(ID.segment, [...bytesOf(ID.info, INFO), ...bytesOf(ID.tracks, TRACKS)], true),
];
const FILE = new Uint8Array([...HEAD, ...FIRST, ...SECOND]);

function indexed(pieceSize: number): WebmIndex {
  const index = new WebmIndex();
  for (let at = 0; at < FILE.length; at += pieceSize) {
    index.push(FILE.subarray(at, at + pieceSize));
  }
  return index;
}

describe.each([1, 2, 7, 64, 311, 100_000])('in pieces of %d bytes', (size) => {
  test('clusters and the end are found', () => {
    const index = indexed(size);
    expect(index.clusters).toEqual([
      { at: HEAD.length, time: 0 },
      { at: HEAD.length + FIRST.length, time: 1000 },
    ]);
    expect(index.end).toBe(1500);
  });
});

test('the new head has a duration, and an index that points at the clusters', () => {
  const head = headOf(indexed(50), FILE.length);
  if (head === null) {
    throw new Error('no head');
  }
  expect(head.body).toBe(HEAD.length);
  const file = new Uint8Array([...head.bytes, ...FILE.subarray(head.body)]);
  // Read again, it says the same of itself.
  const again = new WebmIndex();
  again.push(file);
  expect(again.clusters.map(({ time }) => time)).toEqual([0, 1000]);

  const at = (id: readonly number[]): number => {
    const text = String.fromCharCode(...file);
    return text.indexOf(String.fromCharCode(...id));
  };
  const duration = at([0x44, 0x89]);
  expect(new DataView(file.buffer).getFloat64(duration + 10)).toBe(1500);
  const segment = at([0x18, 0x53, 0x80, 0x67]);
  const size = readVint(file, segment + 4, false);
  expect(size?.value).toBe(file.length - segment - 12);
  const mark = String.fromCharCode(0xf1, 1, 0, 0, 0, 0, 0, 0, 8);
  const positions = String.fromCharCode(...file)
    .split(mark)
    .slice(1)
    .map((rest) => readUnsigned(Uint8Array.from(rest.slice(0, 8), (char) => char.charCodeAt(0))));
  expect(positions).toHaveLength(2);
  expect(
    positions.map((position) => [...file.subarray(segment + 12 + position).subarray(0, 4)]),
  ).toEqual([
    [0x1f, 0x43, 0xb6, 0x75],
    [0x1f, 0x43, 0xb6, 0x75],
  ]);
});

test('what is no WebM is refused, and what is none yet has no head', () => {
  expect(() => {
    new WebmIndex().push(new Uint8Array([0, 0, 0, 0]));
  }).toThrow('no WebM');
  expect(headOf(new WebmIndex(), 0)).toBeNull();
});
