import type { Browser, Page } from '@playwright/test';
import { clean } from '../lib/axe.js';
import { seesAndHears } from '../lib/media.js';
import { arrive, meet } from '../lib/scenes.js';
import { expect, test } from '../lib/test.js';

interface Broken extends Window {
  otterBroken?: string | null;
}

/** What `getUserMedia` rejects with in this page from now on; null: it works. */
async function breakDevices(page: Page, error: string | null): Promise<void> {
  await page.evaluate((name) => {
    (window as Broken).otterBroken = name;
  }, error);
}

/** A page whose devices fail: hardware that can be pulled out is not to be had here. */
async function withDevices(browser: Browser, error: string | null): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript((name) => {
    const scope = window as Broken;
    scope.otterBroken = name;
    // A page that was not loaded over HTTPS has none.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    const open = devices?.getUserMedia.bind(devices);
    if (devices !== undefined && open !== undefined) {
      devices.getUserMedia = (constraints) => {
        const broken = scope.otterBroken ?? null;
        return broken === null
          ? open(constraints)
          : Promise.reject(new DOMException('broken for the test', broken));
      };
    }
  }, error);
  return page;
}

/** The page says what is wrong, and the button beside it helps once that is mended. */
async function mended(page: Page, words: RegExp, mend: () => Promise<void>): Promise<void> {
  const problem = page.getByTestId('media-problem');
  await expect(problem).toContainText(words);
  // Nobody is kept out for want of a camera.
  await expect(page.getByTestId('join-call')).toHaveText('Join without microphone and camera');
  await clean(page, String(words));
  await mend();
  await problem.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('preview').locator('video')).toBeVisible();
  await expect(problem).toHaveCount(0);
}

test('permission denied: how to allow it, and it works once allowed', async ({
  browser,
  nginx,
}) => {
  const page = await withDevices(browser, 'NotAllowedError');
  await page.goto((await nginx.token('denied', 'Ann')).join_url);
  await mended(page, /blocked for this site.*Allow them in the address bar/, () =>
    breakDevices(page, null),
  );
  await page.context().close();
});

test('device busy: another program has it', async ({ browser, nginx }) => {
  const page = await withDevices(browser, 'NotReadableError');
  await page.goto((await nginx.token('busy', 'Ann')).join_url);
  await mended(page, /do not start\. Another program may be using them/, () =>
    breakDevices(page, null),
  );
  await page.context().close();
});

test('no device: it is used as soon as it is plugged in', async ({ browser, nginx }) => {
  const page = await withDevices(browser, 'NotFoundError');
  await page.goto((await nginx.token('missing', 'Ann')).join_url);
  const problem = page.getByTestId('media-problem');
  await expect(problem).toContainText(/No microphone and no camera found\. Plug them in/);
  await clean(page, 'no device');
  await breakDevices(page, null);
  await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
  await expect(page.getByTestId('preview').locator('video')).toBeVisible();
  await expect(problem).toHaveCount(0);
  await page.context().close();
});

test('whoever has no devices can join and listen', async ({ browser, nginx }) => {
  const page = await withDevices(browser, 'NotFoundError');
  await page.goto((await nginx.token('listen', 'Ann')).join_url);
  await page.getByTestId('join-call').click();
  await expect(page.getByTestId('call')).toBeVisible();
  // The button says why it can't do what it is for, and does once it can.
  await page.getByTestId('control-camera').click();
  const toast = page.getByTestId('toast').filter({ hasText: 'No camera found' });
  await expect(toast).toBeVisible();
  await clean(page, 'no camera, in the call');
  await breakDevices(page, null);
  await page.getByTestId('control-camera').click();
  await expect(page.getByTestId('self-tile').locator('video')).toBeVisible();
  await page.context().close();
});

test('too old a browser: which ones can, and the link to take there', async ({
  browser,
  nginx,
}) => {
  const context = await browser.newContext();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'RTCPeerConnection');
  });
  const { join_url } = await nginx.token('old', 'Ann');
  await page.goto(join_url);
  const ended = page.getByTestId('ended');
  await expect(ended).toHaveAttribute('data-ending', 'too-old');
  await expect(ended).toContainText('current Firefox, Chrome, Edge or Safari');
  await clean(page, 'too old');
  await page.getByTestId('copy').click();
  await expect(page.getByTestId('copy')).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(join_url);
  await context.close();
});

test('a call that works shows nothing of all that', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'all-well');
  await meet(ann, ben);
  await seesAndHears(ann.page);
  for (const { page } of [ann, ben]) {
    await expect(page.getByTestId('unreachable')).toHaveCount(0);
    await expect(page.getByTestId('media-problem')).toHaveCount(0);
  }
  await ann.close();
  await ben.close();
});
