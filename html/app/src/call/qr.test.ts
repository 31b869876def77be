import jsQR from 'jsqr';
import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { pathOf } from './qr-path.js';

const SCALE = 4;

/** Draws the path as a browser would, and reads the picture. */
function scan(link: string): string | null {
  const { size, data } = encode(link, { ecc: 'M', border: 4 });
  const side = size * SCALE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, left = '', top = '', run = ''] of pathOf(data).matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let y = Number(top) * SCALE; y < (Number(top) + 1) * SCALE; y += 1) {
      for (let x = Number(left) * SCALE; x < (Number(left) + Number(run)) * SCALE; x += 1) {
        pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
      }
    }
  }
  // Its types say what its module is not.
  const read = (jsQR as unknown as { readonly default?: typeof jsQR }).default ?? jsQR;
  return read(pixels, side, side)?.data ?? null;
}

test.each([
  'https://example.org/otter/room/blue',
  `https://calls.example.org/otter/room/${'x'.repeat(128)}`,
])('a scan of the code for %s gives the link', (link) => {
  expect(scan(link)).toBe(link);
});
