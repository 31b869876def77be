import { seesAndHears, watchFrames } from '../lib/media.js';
import { arrive, chat, meet } from '../lib/scenes.js';
import { expect, test } from '../lib/test.js';

/** A call that waits for nginx stands far longer; outages.spec.ts holds the second itself. */
const GAP = 3_000;

test('a reload of nginx goes unnoticed in a call', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'through-a-reload');
  await meet(ann, ben);

  const watches = [await watchFrames(ann.page), await watchFrames(ben.page)];
  for (let i = 0; i < 3; i++) {
    await nginx.reload();
    await ann.page.waitForTimeout(1_000);
  }
  expect(await nginx.oldWorkersLeave(20_000)).toBe(true);
  await ann.page.waitForTimeout(2_000);
  for (const stop of watches) {
    expect(await stop()).toBeLessThan(GAP);
  }

  await ann.sees('Ben');
  await ben.sees('Ann');
  await chat(ann, ben);
  // A negotiation over the new workers: the camera off and on again.
  await ben.page.getByTestId('control-camera').click();
  await ben.page.getByTestId('control-camera').click();
  await seesAndHears(ann.page);
  await ann.close();
  await ben.close();
});

test('nginx stops for ten seconds, forgets everything, and the call goes on', async ({
  browser,
  nginx,
}) => {
  const [ann, ben] = await arrive(browser, nginx, 'through-a-stop');
  await meet(ann, ben);

  const watches = [await watchFrames(ann.page), await watchFrames(ben.page)];
  await nginx.restart(10_000);
  for (const { page } of [ann, ben]) {
    await expect(page.getByTestId('reconnecting')).toHaveCount(0, { timeout: 30_000 });
  }
  await ann.page.waitForTimeout(3_000);
  for (const stop of watches) {
    expect(await stop()).toBeLessThan(GAP);
  }

  await ann.sees('Ben');
  await ben.sees('Ann');
  await chat(ann, ben);
  await ben.page.getByTestId('control-camera').click();
  await ben.page.getByTestId('control-camera').click();
  await seesAndHears(ann.page);
  await ann.close();
  await ben.close();
});
