import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../lib/call.js';
import { seesAndHears, watchFrames } from '../lib/media.js';
import { arrive, chat, meet } from '../lib/scenes.js';
import { expect, test } from '../lib/test.js';

/** Longest time without a new picture that nobody would notice. */
const GAP = 1_000;
const CALM = 5_000;

/** The longest time without a new picture, for any of them, until something is over. */
async function longestGap(callers: readonly Caller[], what: () => Promise<void>): Promise<number> {
  const watches = [];
  for (const { page } of callers) {
    watches.push(await watchFrames(page));
  }
  await what();
  return Math.max(...(await Promise.all(watches.map((stop) => stop()))));
}

/** Something goes wrong, is mended, and the pictures have kept coming all the while. */
async function through(callers: readonly Caller[], outage: () => Promise<void>): Promise<void> {
  // A machine that is too busy for two browsers drops pictures with no outage at all.
  const calm = await longestGap(callers, () => sleep(CALM));
  const gap = await longestGap(callers, async () => {
    await outage();
    for (const { page } of callers) {
      await expect(page.getByTestId('reconnecting')).toHaveCount(0, { timeout: 60_000 });
      await page.waitForTimeout(1_000);
    }
  });
  expect(gap).toBeLessThan(Math.max(GAP, 2 * calm));
}

function tile({ page }: Caller, name: string) {
  return page.locator(`[data-testid="tile"][data-kind="person"][data-name="${name}"]`);
}

test('a call outlives a reload, ten seconds without nginx, and a restart of Redis', async ({
  browser,
  joined,
  redis,
}) => {
  test.setTimeout(240_000);
  const [ann, ben] = await arrive(browser, joined, 'through-everything');
  await meet(ann, ben);

  await ann.page.getByTestId('control-microphone').click();
  await expect(tile(ben, 'Ann')).toHaveAccessibleName(/muted/i);

  await through([ann, ben], async () => {
    await joined.reload();
    expect(await joined.oldWorkersLeave(20_000)).toBe(true);
  });
  await through([ann, ben], () => joined.restart(10_000));
  await through([ann, ben], async () => {
    await redis.restart(2_000);
    expect(await joined.isWell(30_000)).toBe(true);
  });

  await ann.sees('Ben');
  await ben.sees('Ann');
  await expect(tile(ben, 'Ann')).toHaveAccessibleName(/muted/i);
  await expect(tile(ann, 'Ben')).not.toHaveAccessibleName(/muted/i);
  await chat(ann, ben);

  await ann.page.getByTestId('control-microphone').click();
  await expect(tile(ben, 'Ann')).not.toHaveAccessibleName(/muted/i);

  await ben.page.getByTestId('control-share').click();
  const screen = ann.page.locator('[data-testid="tile"][data-kind="screen"]');
  await expect(screen).toHaveCount(1);
  await seesAndHears(ann.page);
  await ben.page.getByTestId('control-share').click();
  await expect(screen).toHaveCount(0);
  await seesAndHears(ben.page);

  await ann.close();
  await ben.close();
});
