import type { Browser, Page } from '@playwright/test';
import { Caller } from '../lib/call.js';
import { seesAndHears } from '../lib/media.js';
import type { Nginx } from '../lib/nginx.js';
import { arrive, meet } from '../lib/scenes.js';
import { expect, test } from '../lib/test.js';

function person(page: Page, name: string) {
  return page.getByTestId('person').filter({ hasText: name });
}

/** Ann moderates; both are in. */
async function moderated(
  browser: Browser,
  nginx: Nginx,
  room: string,
): Promise<[ann: Caller, ben: Caller]> {
  const ann = await Caller.open(browser, (await nginx.token(room, 'Ann', 'moderator')).join_url);
  const ben = await Caller.open(browser, (await nginx.token(room, 'Ben')).join_url);
  await ann.join();
  await ben.join();
  await ann.sees('Ben');
  await ben.sees('Ann');
  return [ann, ben];
}

async function choose(page: Page, item: string): Promise<void> {
  await page.getByTestId('control-more').click();
  await page.getByTestId(`menu-${item}`).click();
}

test('reactions and raised hands are seen by the others', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'gestures');
  await meet(ann, ben);

  await ann.page.getByTestId('control-react').click();
  await ann.page.getByTestId('react-party').click();
  await expect(ben.page.getByTestId('tile').getByTestId('reaction')).toHaveText('🎉');
  await expect(ann.page.getByTestId('self-tile').getByTestId('reaction')).toHaveText('🎉');
  await expect(ben.page.getByTestId('announcer')).toHaveText('Ann: Party');
  await expect(ben.page.getByTestId('reaction')).toHaveCount(0);

  await ann.page.keyboard.press('Escape');
  await ann.page.keyboard.press('h');
  await expect(ben.page.getByTestId('tile')).toHaveAttribute('data-hand', 'true');
  await expect(ann.page.getByTestId('control-hand')).toHaveAccessibleName('Lower hand');
  // Whoever comes later sees it as well.
  const cy = await Caller.open(browser, (await nginx.token('gestures', 'Cy')).join_url);
  await cy.join();
  await expect(cy.page.locator('[data-testid=tile][data-name=Ann]')).toHaveAttribute(
    'data-hand',
    'true',
  );
  await ann.page.getByTestId('control-hand').click();
  await expect(ben.page.locator('[data-testid=tile][data-name=Ann]')).toHaveAttribute(
    'data-hand',
    'false',
  );
  for (const caller of [ann, ben, cy]) {
    await caller.close();
  }
});

test('who is muted is heard while they hold the space bar', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'talk');
  await meet(ann, ben);
  const tile = ben.page.getByTestId('tile');
  await ann.page.keyboard.press('m');
  await expect(tile).toHaveAccessibleName(/Muted/);

  await ann.page.locator('main').focus();
  await ann.page.keyboard.down('Space');
  await expect(tile).not.toHaveAccessibleName(/Muted/);
  await ann.page.keyboard.up('Space');
  await expect(tile).toHaveAccessibleName(/Muted/);

  // On a button the space bar presses it, and does nothing else.
  await ann.page.getByTestId('control-hand').focus();
  await ann.page.keyboard.press('Space');
  await expect(tile).toHaveAttribute('data-hand', 'true');
  await expect(tile).toHaveAccessibleName(/Muted/);
  await ann.close();
  await ben.close();
});

test('a moderator asks to mute, and the one asked decides', async ({ browser, nginx }) => {
  const [ann, ben] = await moderated(browser, nginx, 'manners');
  await ann.page.keyboard.press('p');
  await person(ann.page, 'Ben').getByTestId('ask-mute').click();
  const asked = ben.page.getByTestId('mute-asked');
  await expect(asked).toContainText('Ann asks you to mute');
  await expect(ann.page.getByTestId('tile')).not.toHaveAccessibleName(/Muted/);
  await ben.page.getByTestId('mute-now').click();
  await expect(asked).toHaveCount(0);
  await expect(ann.page.getByTestId('tile')).toHaveAccessibleName(/Muted/);
  // Nobody else may ask.
  await ben.page.keyboard.press('p');
  await expect(person(ben.page, 'Ann')).toBeVisible();
  await expect(ben.page.getByTestId('ask-mute')).toHaveCount(0);
  await ann.close();
  await ben.close();
});

test('a moderator ends the call for everyone', async ({ browser, nginx }) => {
  const [ann, ben] = await moderated(browser, nginx, 'curfew');
  await choose(ann.page, 'end-all');
  await ann.page.getByTestId('end-all').click();
  for (const { page } of [ann, ben]) {
    await expect(page.getByTestId('ended')).toHaveAttribute('data-ending', 'closed');
  }
  await ann.close();
  await ben.close();
});

test('each person is as loud as one wants', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'loud');
  await meet(ann, ben);
  await ann.page.keyboard.press('p');
  await person(ann.page, 'Ben').getByTestId('volume').fill('0.25');
  const volume = (): Promise<number> =>
    ann.page
      .getByTestId('sound')
      .locator('audio')
      .first()
      .evaluate((audio) => {
        return (audio as HTMLAudioElement).volume;
      });
  await expect.poll(volume).toBe(0.25);
  await ann.close();
  await ben.close();
});

test('both sides see the same verification code', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'verify');
  await meet(ann, ben);
  const seen: (string | null)[] = [];
  for (const { page } of [ann, ben]) {
    await page.keyboard.press('p');
    await page.getByTestId('verify-open').click();
    seen.push(await page.getByTestId('verify-digits').textContent());
    seen.push(await page.getByTestId('verify-emoji').textContent());
  }
  expect(seen[0]).toMatch(/^\d{5}( \d{5}){3}$/);
  expect(seen.slice(2)).toEqual(seen.slice(0, 2));
  await ann.close();
  await ben.close();
});

test('badge and details say how the connection is', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'details');
  await meet(ann, ben);
  const badge = ann.page.getByTestId('tile').getByTestId('link-badge');
  await expect(badge).toHaveAttribute('data-relayed', 'false');
  await expect(badge).toHaveAttribute('data-protocol', 'udp');
  await choose(ann.page, 'details');
  const details = ann.page.getByTestId('details-person');
  await expect(details).toContainText('host → ');
  await expect(details).toContainText(/opus/i);
  const plots = details.getByTestId('plot');
  await expect(plots).toHaveCount(4);
  // A line of at least three readings.
  await expect(plots.first().locator('path')).toHaveAttribute('d', /M.*L.*L/);
  await expect(plots.first()).toHaveAccessibleName(/now \d.* [kM]bit\/s/);
  await ann.close();
  await ben.close();
});

test('the layout is remembered, and whoever speaks is large in it', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'layout');
  await meet(ann, ben);
  const tile = ann.page.getByTestId('tile');
  await expect(tile).toHaveAttribute('data-large', 'false');
  await ann.page.keyboard.press('l');
  await expect(tile).toHaveAttribute('data-large', 'true');
  await ann.page.reload();
  await ann.join();
  await expect(ann.page.getByTestId('tile')).toHaveAttribute('data-large', 'true');
  await ann.page.keyboard.press('l');
  await expect(ann.page.getByTestId('tile')).toHaveAttribute('data-large', 'false');
  await ann.close();
  await ben.close();
});

test('a small window shows the call, and leaves it', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'window');
  await meet(ann, ben);
  const opening = ann.page.context().waitForEvent('page');
  await choose(ann.page, 'pip');
  const small = await opening;
  await expect(small.getByTestId('mini-call')).toContainText('Ben');
  const shown = (): Promise<number> =>
    small.locator('video').evaluate((video) => (video as HTMLVideoElement).videoWidth);
  await expect.poll(shown).toBeGreaterThan(0);
  await small.getByRole('button', { name: 'Mute' }).click();
  await expect(ann.page.getByTestId('control-microphone')).toHaveAccessibleName('Unmute');
  await small.getByRole('button', { name: 'Leave' }).click();
  await expect(ann.page.getByTestId('ended')).toBeVisible();
  await ann.close();
  await ben.close();
});

test('the invitation can be copied and scanned', async ({ browser, nginx }) => {
  const context = await browser.newContext();
  await context.grantPermissions(['clipboard-read', 'clipboard-write', 'camera', 'microphone']);
  const page = await context.newPage();
  await page.goto(`${nginx.origin}/otter/room/party`);
  await page.getByTestId('name').fill('Ann');
  await page.getByTestId('join-call').click();
  await expect(page.getByTestId('call')).toBeVisible();
  await page.keyboard.press('i');
  await page.getByTestId('invite-copy').click();
  await expect(page.getByTestId('invite-copy')).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `${nginx.origin}/otter/room/party`,
  );
  await expect(page.getByTestId('qr')).toBeVisible();
  expect(await page.getByTestId('qr').locator('path').getAttribute('d')).toMatch(/^M4 4h7v1H4z/);
  await context.close();
});

test('a message says who has read it', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'read');
  await meet(ann, ben);
  await ann.openChat();
  await ann.say('Are you there?');
  await expect(ann.page.getByTestId('chat-message')).toHaveCount(1);
  await expect(ben.page.getByTestId('badge-chat')).toHaveText('1');
  await expect(ann.page.getByTestId('read-by')).toHaveCount(0);
  await ben.openChat();
  await expect(ann.page.getByTestId('read-by')).toHaveText('Read by Ben');
  await seesAndHears(ann.page);
  await ann.close();
  await ben.close();
});

test('the screen stays lit during a call', async ({ browser, nginx }) => {
  const { join_url } = await nginx.token('lit', 'Ann');
  const page = await (await browser.newContext()).newPage();
  // Without a display there is nothing to keep lit: the browser is asked all the same.
  await page.addInitScript(() => {
    const held: string[] = [];
    const request = (): Promise<WakeLockSentinel> => {
      held.push('held');
      const release = (): Promise<void> => {
        held.push('released');
        return Promise.resolve();
      };
      return Promise.resolve({ released: false, release } as WakeLockSentinel);
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request } });
    Object.assign(window, { held });
  });
  await page.goto(join_url);
  const held = (): Promise<unknown> => page.evaluate(() => (window as { held?: unknown }).held);
  await page.getByTestId('join-call').click();
  await expect(page.getByTestId('call')).toBeVisible();
  await expect.poll(held).toEqual(['held']);
  await page.getByTestId('control-leave').click();
  await expect.poll(held).toEqual(['held', 'released']);
  await page.context().close();
});
