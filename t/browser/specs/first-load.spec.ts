import type { Page } from '@playwright/test';
import { Nginx } from '../lib/nginx.js';
import { expect, test } from '../lib/test.js';

const LIMIT = 150_000;
const COMPRESSED = `gzip on; gzip_comp_level 6; gzip_min_length 256;
  gzip_types text/javascript text/css image/svg+xml application/json;`;

interface Fetched {
  readonly name: string;
  readonly bytes: number;
}

/** Everything that the page has fetched so far, in bytes as they came over the network. */
function fetched(page: Page): Promise<readonly Fetched[]> {
  return page.evaluate(() =>
    [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ].map((entry) => {
      const { name, encodedBodySize } = entry as PerformanceResourceTiming;
      return { name, bytes: encodedBodySize };
    }),
  );
}

test('the join page comes in under 150 KB, and the call while people get ready', async ({
  browser,
}) => {
  const nginx = await Nginx.start({ server: COMPRESSED });
  const page = await (await browser.newContext({ locale: 'de' })).newPage();
  await page.goto((await nginx.token('light', 'Ann')).join_url);
  await expect(page.getByTestId('join-call')).toBeVisible();
  await page.waitForLoadState('load');
  await page.evaluate(() => document.fonts.ready);

  const first = await fetched(page);
  const call = /\/assets\/entry-.*\.js$/;
  const needed = first.filter(({ name }) => !name.includes('/assets/entry-'));
  expect(needed.some(({ name }) => /\/assets\/index-.*\.js$/.test(name))).toBe(true);
  expect(needed.some(({ name }) => name.endsWith('.woff2'))).toBe(true);
  expect(needed.every(({ bytes }) => bytes > 0)).toBe(true);
  const sum = needed.reduce((total, { bytes }) => total + bytes, 0);
  console.log(`first load: ${sum} bytes in ${needed.length} files`);
  expect(sum).toBeLessThan(LIMIT);

  // Nothing is left to fetch by the time that somebody joins.
  await expect
    .poll(async () => (await fetched(page)).filter(({ name }) => call.test(name)).length)
    .toBe(1);
  // And nothing comes from elsewhere.
  const hosts = (await fetched(page)).map(({ name }) => new URL(name).origin);
  expect(new Set(hosts)).toEqual(new Set([nginx.origin]));
  await page.context().close();
  expect(await nginx.end()).toEqual([]);
});
