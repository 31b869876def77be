import type { Browser, Page } from '@playwright/test';
import { clean } from '../lib/axe.js';
import { Caller } from '../lib/call.js';
import type { Nginx } from '../lib/nginx.js';
import { expect, test } from '../lib/test.js';

async function look(
  browser: Browser,
  nginx: Nginx,
  colorScheme: 'light' | 'dark',
  viewport: { readonly width: number; readonly height: number },
): Promise<void> {
  const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${nginx.origin}/otter/`);
  await expect(page.getByTestId('landing')).toBeVisible();
  await clean(page, 'landing');
  await page.getByTestId('join-input').fill('no/room/here');
  await page.getByTestId('join').click();
  await expect(page.getByRole('alert')).toBeVisible();
  await clean(page, 'landing, with an error');

  await page.goto(`${nginx.origin}/otter/check`);
  await page.getByTestId('check-start').click();
  await expect(page.getByTestId('check-summary')).toBeVisible({ timeout: 60_000 });
  await clean(page, 'network check');

  const room = `axe-${colorScheme}-${String(viewport.width)}`;
  await page.goto((await nginx.token(room, 'Ann', 'moderator')).join_url);
  await expect(page.getByTestId('preview').locator('video')).toBeVisible();
  await clean(page, 'pre-join');
  await page.getByRole('button', { name: 'Settings' }).click();
  await clean(page, 'settings');
  await page.keyboard.press('Escape');
  await page.getByTestId('join-call').click();
  await expect(page.getByTestId('call')).toBeVisible();
  await clean(page, 'alone');

  const ben = await Caller.open(browser, (await nginx.token(room, 'Ben')).join_url);
  await ben.join();
  await expect(page.getByTestId('tile')).toHaveAttribute('data-state', 'connected');
  await ben.openChat();
  await ben.say('Hello https://example.org/');
  await ben.page.getByTestId('chat-input').press('Escape');
  await ben.page.keyboard.press('h');
  await expect(page.getByTestId('tile')).toHaveAttribute('data-hand', 'true');
  await expect(page.getByTestId('link-badge')).toBeVisible();
  await clean(page, 'call');
  await page.keyboard.press('c');
  await page.getByTestId('chat-input').fill('Hi');
  await page.keyboard.press('Enter');
  await clean(page, 'chat');
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await expect(page.getByTestId('person')).toBeVisible();
  await clean(page, 'people');
  await page.getByTestId('verify-open').click();
  await expect(page.getByTestId('verify')).toBeVisible();
  await clean(page, 'verification');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByTestId('shortcuts')).toBeVisible();
  await clean(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await page.keyboard.press('i');
  await expect(page.getByTestId('qr')).toBeVisible();
  await clean(page, 'invitation');
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await expect(page.getByTestId('reactions')).toBeVisible();
  await clean(page, 'reactions');
  await page.keyboard.press('Escape');
  await page.getByTestId('control-more').click();
  await clean(page, 'menu');
  await page.getByTestId('menu-details').click();
  await expect(page.getByTestId('plot').first()).toBeVisible();
  await clean(page, 'details');
  await page.keyboard.press('Escape');
  await page.getByTestId('control-leave').click();
  await expect(page.getByTestId('ended')).toBeVisible();
  await clean(page, 'ended');
  await ben.close();
  await context.close();
}

// Each is a walk through seventeen screens.
test.describe.configure({ timeout: 300_000 });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any screen, ${colorScheme}, wide`, async ({ browser, nginx }) => {
    await look(browser, nginx, colorScheme, { width: 1280, height: 800 });
  });

  test(`axe finds nothing on any screen, ${colorScheme}, phone`, async ({ browser, nginx }) => {
    await look(browser, nginx, colorScheme, { width: 390, height: 844 });
  });
}

/** Presses Tab until the focus is where it should be, as somebody without a mouse does. */
async function tabTo(page: Page, testId: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    const here = await page.evaluate(
      () => document.activeElement?.getAttribute('data-testid') ?? null,
    );
    if (here === testId) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${testId}`);
}

test('somebody joins, talks and leaves by keyboard alone', async ({ browser, nginx }) => {
  const ben = await Caller.open(browser, (await nginx.token('keys', 'Ben')).join_url);
  await ben.join();
  await ben.openChat();

  const page = await (await browser.newContext()).newPage();
  await page.goto(`${nginx.origin}/otter/`);
  await tabTo(page, 'join-input');
  await page.keyboard.type('keys');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('prejoin')).toBeVisible();
  await tabTo(page, 'name');
  await page.keyboard.type('Ann');
  await tabTo(page, 'prejoin-microphone');
  await page.keyboard.press('Space');
  await expect(page.getByTestId('prejoin-microphone')).toHaveAccessibleName('Unmute');
  await page.keyboard.press('Space');
  await tabTo(page, 'join-call');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('call')).toBeVisible();
  // Who is there, and who comes and goes, is read out.
  const said = page.getByTestId('announcer');
  await expect(page.getByTestId('tile')).toHaveAttribute('data-state', 'connected');
  await expect(said).toHaveText('You are in the call keys');
  await expect(ben.page.getByTestId('announcer')).toHaveText('Ann joined');

  await tabTo(page, 'control-chat');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chat-input')).toBeFocused();
  await page.keyboard.type('Hello, by hand');
  await page.keyboard.press('Enter');
  await ben.hears('Hello, by hand');
  await ben.say('Hello, Ann');
  await expect(said).toHaveText('Ben: Hello, Ann');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('control-chat')).toBeFocused();

  await tabTo(page, 'control-more');
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Escape');

  await ben.page.getByTestId('control-leave').click();
  await expect(said).toHaveText('Ben left');
  await tabTo(page, 'control-leave');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ended')).toBeVisible();
  await tabTo(page, 'home');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('landing')).toBeVisible();
  await ben.close();
  await page.context().close();
});
