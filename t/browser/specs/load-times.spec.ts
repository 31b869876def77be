import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Browser } from '@playwright/test';
import { Nginx } from '../lib/nginx.js';
import { expect, test } from '../lib/test.js';

const COMPRESSED = `gzip on; gzip_comp_level 6; gzip_min_length 256;
  gzip_types text/javascript text/css image/svg+xml application/json;`;
const ROUNDS = 5;

const PAGES = [
  { page: 'landing', path: '', ready: 'start' },
  { page: 'join', path: 'room/times', ready: 'join-call' },
  { page: 'admin', path: 'admin', ready: 'admin-enter' },
] as const;

/** Milliseconds from the start of the navigation; bytes as they came over the network. */
interface Load {
  readonly ttfb: number;
  readonly fcp: number;
  readonly lcp: number;
  readonly loaded: number;
  readonly ready: number;
  readonly bytes: number;
}

async function load(browser: Browser, url: string, testId: string): Promise<Load> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url, { waitUntil: 'load' });
  const button = page.getByTestId(testId);
  await expect(button).toBeVisible();
  const ready = await page.evaluate(() => performance.now());
  await page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint').length > 0,
  );
  const times = await page.evaluate(async () => {
    const [navigation] = performance.getEntriesByType('navigation');
    const lcp = await new Promise<number>((resolve) => {
      new PerformanceObserver((list) => {
        resolve(list.getEntries().at(-1)?.startTime ?? 0);
      }).observe({ type: 'largest-contentful-paint', buffered: true });
    });
    const { responseStart, loadEventEnd } = navigation as PerformanceNavigationTiming;
    const fetched = [navigation, ...performance.getEntriesByType('resource')];
    return {
      ttfb: responseStart,
      fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
      lcp,
      loaded: loadEventEnd,
      bytes: fetched.reduce(
        (sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize,
        0,
      ),
    };
  });
  await page.context().close();
  return { ...times, ready };
}

function median(values: readonly number[]): number {
  return Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}

/** With OTTER_LOAD_TIMES the times are written there, for html/tools/bundle.mjs. */
test('how long the pages take to come', async ({ browser }) => {
  const nginx = await Nginx.start({ server: COMPRESSED });
  const loads = [];
  for (const { page, path, ready } of PAGES) {
    const rounds: Load[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push(await load(browser, `${nginx.origin}/otter/${path}`, ready));
    }
    for (const { ttfb, fcp, lcp } of rounds) {
      expect(ttfb).toBeGreaterThan(0);
      expect(fcp).toBeGreaterThan(ttfb);
      expect(lcp).toBeGreaterThanOrEqual(fcp);
    }
    const of = (key: keyof Load): number => median(rounds.map((round) => round[key]));
    loads.push({
      page,
      ttfb: of('ttfb'),
      fcp: of('fcp'),
      lcp: of('lcp'),
      loaded: of('loaded'),
      ready: of('ready'),
      bytes: of('bytes'),
    });
  }
  expect(await nginx.end()).toEqual([]);
  const machine = `Chromium ${browser.version()}, ${cpus().length} cores`;
  const report = JSON.stringify({ machine, loads }, null, 2);
  console.log(report);
  const file = process.env.OTTER_LOAD_TIMES;
  if (file !== undefined) {
    writeFileSync(file, report);
  }
});
