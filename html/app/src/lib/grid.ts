/** Where a tile lies inside its container, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * How far tiles may leave the shape of a camera picture in order to fill the space. Computers,
 * with their wide windows, have wide cameras; phones are held upright, and so are their cameras.
 */
const WIDEST = 16 / 9;
const TALLEST_WIDE = 4 / 3;
const TALLEST_UPRIGHT = 3 / 4;

interface Plan {
  readonly columns: number;
  readonly rows: number;
  readonly tile: Size;
}

function fit(cell: Size, tallest: number): Size {
  const ratio = cell.width / cell.height;
  if (ratio > WIDEST) {
    return { width: cell.height * WIDEST, height: cell.height };
  }
  if (ratio < tallest) {
    return { width: cell.width, height: cell.width / tallest };
  }
  return cell;
}

function plan(count: number, area: Size, gap: number, tallest: number, columns: number): Plan {
  const rows = Math.ceil(count / columns);
  const cell = {
    width: Math.max(0, (area.width - gap * (columns - 1)) / columns),
    height: Math.max(0, (area.height - gap * (rows - 1)) / rows),
  };
  const empty = cell.width === 0 || cell.height === 0;
  return { columns, rows, tile: empty ? { width: 0, height: 0 } : fit(cell, tallest) };
}

function bestPlan(count: number, area: Size, gap: number, tallest: number): Plan {
  let best = plan(count, area, gap, tallest, 1);
  for (let columns = 2; columns <= count; columns += 1) {
    const next = plan(count, area, gap, tallest, columns);
    if (next.tile.width * next.tile.height > best.tile.width * best.tile.height * 1.001) {
      best = next;
    }
  }
  return best;
}

/**
 * Lays `count` tiles out so that together they are as large as they can be. All have the same
 * size; the block is centred, and so is a last row that is not full.
 */
export function gridLayout(
  count: number,
  area: Size,
  gap: number,
  tallest: number = area.width > area.height ? TALLEST_WIDE : TALLEST_UPRIGHT,
): readonly Box[] {
  if (count <= 0) {
    return [];
  }
  const { columns, rows, tile } = bestPlan(count, area, gap, tallest);
  const top = (area.height - rows * tile.height - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (area.width - inRow * tile.width - (inRow - 1) * gap) / 2;
    return {
      x: Math.round(left + (index - row * columns) * (tile.width + gap)),
      y: Math.round(top + row * (tile.height + gap)),
      width: Math.floor(tile.width),
      height: Math.floor(tile.height),
    };
  });
}

export interface StageLayout {
  readonly stage: Box;
  readonly strip: readonly Box[];
}

/**
 * One large picture, such as a shared screen, and a strip of tiles: beside it where the area is
 * wide, under it where it is tall.
 */
export function stageLayout(count: number, area: Size, gap: number): StageLayout {
  if (count <= 0) {
    return { stage: { x: 0, y: 0, ...area }, strip: [] };
  }
  const beside = area.width > area.height * 1.15;
  if (beside) {
    const width = Math.round(Math.min(280, Math.max(140, area.width * 0.2)));
    const strip = gridLayout(count, { width, height: area.height }, gap, TALLEST_WIDE);
    const x = area.width - width;
    return {
      stage: { x: 0, y: 0, width: Math.max(0, x - gap), height: area.height },
      strip: strip.map((box) => ({ ...box, x: box.x + x })),
    };
  }
  const height = Math.round(Math.min(240, Math.max(96, area.height * 0.28)));
  const y = area.height - height;
  const strip = gridLayout(count, { width: area.width, height }, gap, TALLEST_WIDE);
  return {
    stage: { x: 0, y: 0, width: area.width, height: Math.max(0, y - gap) },
    strip: strip.map((box) => ({ ...box, y: box.y + y })),
  };
}
