import { describe, expect, test } from 'vitest';
import { type Box, gridLayout, type Size, stageLayout } from './grid.js';

const AREAS: Readonly<Record<string, Size>> = {
  desktop: { width: 1260, height: 700 },
  wide: { width: 2540, height: 1000 },
  phone: { width: 370, height: 700 },
  small: { width: 300, height: 380 },
};
const GAP = 10;

function inside(box: Box, area: Size): boolean {
  return (
    box.x >= 0 &&
    box.y >= 0 &&
    box.x + box.width <= area.width + 1 &&
    box.y + box.height <= area.height + 1
  );
}

function apart(a: Box, b: Box): boolean {
  return (
    a.x + a.width + GAP - 2 <= b.x ||
    b.x + b.width + GAP - 2 <= a.x ||
    a.y + a.height + GAP - 2 <= b.y ||
    b.y + b.height + GAP - 2 <= a.y
  );
}

describe.each(Object.entries(AREAS))('on a %s screen', (_, area) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('%d tiles fit, apart and of one size', (count) => {
    const boxes = gridLayout(count, area, GAP);
    expect(boxes).toHaveLength(count);
    for (const [index, box] of boxes.entries()) {
      expect(inside(box, area)).toBe(true);
      expect([box.width, box.height]).toEqual([boxes[0]?.width, boxes[0]?.height]);
      for (const other of boxes.slice(index + 1)) {
        expect(apart(box, other)).toBe(true);
      }
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('%d tiles use the space and keep their shape', (count) => {
    const boxes = gridLayout(count, area, GAP);
    const used = boxes.reduce((sum, box) => sum + box.width * box.height, 0);
    expect(used / (area.width * area.height)).toBeGreaterThan(0.42);
    for (const box of boxes) {
      expect(box.width / box.height).toBeLessThan(16 / 9 + 0.02);
      expect(box.width / box.height).toBeGreaterThan(3 / 4 - 0.02);
    }
  });
});

test('two people sit side by side on a desktop and one above the other on a phone', () => {
  const [left, right] = gridLayout(2, { width: 1260, height: 700 }, GAP);
  expect(left?.y).toBe(right?.y);
  const [top, bottom] = gridLayout(2, { width: 370, height: 700 }, GAP);
  expect(top?.x).toBe(bottom?.x);
});

test('a last row that is not full is centred', () => {
  const boxes = gridLayout(3, { width: 1260, height: 700 }, GAP);
  const [first, second, last] = boxes;
  expect(last?.y).toBeGreaterThan(first?.y ?? 0);
  const middle = ((first?.x ?? 0) + (second?.x ?? 0) + (second?.width ?? 0)) / 2;
  expect((last?.x ?? 0) + (last?.width ?? 0) / 2).toBeCloseTo(middle, -1);
});

test('no tiles, or no space, is no trouble', () => {
  expect(gridLayout(0, { width: 100, height: 100 }, GAP)).toEqual([]);
  expect(gridLayout(3, { width: 0, height: 0 }, GAP)).toHaveLength(3);
  for (const box of gridLayout(9, { width: 30, height: 30 }, GAP)) {
    expect(box.width).toBeGreaterThanOrEqual(0);
    expect(box.height).toBeGreaterThanOrEqual(0);
  }
});

describe('with one large picture', () => {
  test.each(Object.entries(AREAS))('the strip does not cover it on a %s screen', (_, area) => {
    for (let count = 1; count <= 8; count += 1) {
      const { stage, strip } = stageLayout(count, area, GAP);
      expect(inside(stage, area)).toBe(true);
      expect(strip).toHaveLength(count);
      for (const box of strip) {
        expect(inside(box, area)).toBe(true);
        expect(apart(stage, box)).toBe(true);
      }
      expect(stage.width * stage.height).toBeGreaterThan(area.width * area.height * 0.45);
    }
  });

  test('it has everything when it is alone', () => {
    const area = { width: 800, height: 600 };
    expect(stageLayout(0, area, GAP).stage).toEqual({ x: 0, y: 0, ...area });
  });

  test('the strip is beside it where the area is wide, else below', () => {
    const wide = stageLayout(2, { width: 1260, height: 700 }, GAP);
    expect(wide.strip[0]?.x).toBeGreaterThan(wide.stage.width);
    const tall = stageLayout(2, { width: 370, height: 700 }, GAP);
    expect(tall.strip[0]?.y).toBeGreaterThan(tall.stage.height);
  });
});
