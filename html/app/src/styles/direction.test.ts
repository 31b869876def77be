import { expect, test } from 'vitest';

const SHEETS = import.meta.glob<string>('../**/*.css', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Drawings, and boxes that a script places by coordinates, have a left and a right of their own. */
const ALLOWED = /Illustration|Tile\.module|Stage\.module/;

const PHYSICAL =
  /^\s*(left|right|(margin|padding|border)-(left|right)[\w-]*)\s*:|text-align: (left|right)|float: (left|right)/m;

test('style sheets know no left and right, so that a page can be read from either side', () => {
  const found = Object.entries(SHEETS)
    .filter(([file]) => !ALLOWED.test(file))
    // What is centred by half of itself is so from both sides.
    .map(([file, sheet]) => [file, sheet.replaceAll('left: 50%;', '')] as const)
    .filter(([, sheet]) => PHYSICAL.test(sheet));
  expect(found.map(([file]) => file)).toEqual([]);
  expect(Object.keys(SHEETS).length).toBeGreaterThan(10);
});
