import { readFileSync, statSync } from 'node:fs';
import { arrive, meet } from '../lib/scenes.js';
import { expect, test } from '../lib/test.js';

test('a recording has a length, and can be jumped in', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'record');
  await meet(ann, ben);
  await ann.page.getByTestId('control-more').click();
  await ann.page.getByTestId('menu-record').click();
  await expect(ann.page.getByTestId('recording')).toBeVisible();
  // The others are told.
  await expect(ben.page.getByTestId('toast').filter({ hasText: 'Ann is recording' })).toBeVisible();
  const clock = ann.page.getByTestId('clock');
  const seconds = async (): Promise<number> =>
    Number(((await clock.textContent()) ?? '').split(':').pop());
  const began = await seconds();
  await expect.poll(async () => ((await seconds()) - began + 60) % 60).toBeGreaterThanOrEqual(6);

  const saving = ann.page.waitForEvent('download');
  await ann.page.getByTestId('recording').getByRole('button').click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^record-.*\.webm$/);
  const path = await download.path();
  expect(statSync(path).size).toBeGreaterThan(50_000);

  const page = await (await browser.newContext()).newPage();
  await page.goto(`${nginx.origin}/otter/`);
  const played = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const video = document.createElement('video');
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }));
    const once = (event: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        video.addEventListener(event, resolve, { once: true });
        video.addEventListener('error', () => {
          reject(new Error(video.error?.message));
        });
      });
    await once('loadedmetadata');
    const { duration, videoWidth } = video;
    const seekable = video.seekable.length > 0 ? video.seekable.end(0) : 0;
    video.currentTime = duration - 1;
    await once('seeked');
    const late = video.currentTime;
    video.currentTime = 1;
    await once('seeked');
    return { duration, seekable, videoWidth, late, early: video.currentTime };
  }, readFileSync(path).toString('base64'));
  expect(played.duration).toBeGreaterThan(4);
  expect(played.duration).toBeLessThan(30);
  expect(played.seekable).toBeCloseTo(played.duration, 1);
  expect(played.videoWidth).toBe(1280);
  expect(played.late).toBeCloseTo(played.duration - 1, 1);
  expect(played.early).toBeCloseTo(1, 1);
  await page.context().close();
  await ann.close();
  await ben.close();
});
