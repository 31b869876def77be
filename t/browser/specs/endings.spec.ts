import type { Page } from '@playwright/test';
import { clean } from '../lib/axe.js';
import { Caller } from '../lib/call.js';
import { Nginx } from '../lib/nginx.js';
import { arrive, meet } from '../lib/scenes.js';
import { expect, test } from '../lib/test.js';

/** The call is over, or could not begin, and the page says why. */
async function ends(page: Page, ending: string, title: string): Promise<void> {
  const ended = page.getByTestId('ended');
  await expect(ended).toHaveAttribute('data-ending', ending);
  await expect(ended.getByRole('heading', { name: title })).toBeFocused();
  await clean(page, ending);
}

/** The only way out leads to the start. */
async function goesHome(page: Page): Promise<void> {
  await expect(page.getByTestId('retry')).toHaveCount(0);
  await page.getByTestId('home').click();
  await expect(page.getByTestId('landing')).toBeVisible();
}

/** The way out leads back to the door, and through it. */
async function comesBack(page: Page, button: string): Promise<void> {
  await expect(page.getByTestId('retry')).toHaveText(button);
  await page.getByTestId('retry').click();
  await page.getByTestId('join-call').click();
  await expect(page.getByTestId('call')).toBeVisible();
}

test('room full: come back when somebody has left', async ({ browser }) => {
  const nginx = await Nginx.start({ server: 'otter_max_peers 2;' });
  try {
    const [ann, ben] = await arrive(browser, nginx, 'full');
    await ann.join();
    await ben.join();
    const page = await (await browser.newContext()).newPage();
    await page.goto((await nginx.token('full', 'Cem')).join_url);
    await ends(page, 'full', 'This room is full');
    await ben.page.getByTestId('control-leave').click();
    await expect(ann.page.getByTestId('tile')).toHaveCount(0);
    await comesBack(page, 'Try again');
    await page.context().close();
    await ann.close();
    await ben.close();
  } finally {
    await nginx.end();
  }
});

test('kicked: said so, and not shown the door back in', async ({ browser, nginx }) => {
  const ann = await Caller.open(browser, (await nginx.token('kick', 'Ann', 'moderator')).join_url);
  const ben = await Caller.open(browser, (await nginx.token('kick', 'Ben')).join_url);
  await meet(ann, ben);
  await ann.page.keyboard.press('p');
  await ann.page.getByTestId('person').getByTestId('remove').click();
  await ends(ben.page, 'kicked', 'You were removed from the call');
  await goesHome(ben.page);
  await ann.close();
  await ben.close();
});

test('replaced: the call can be taken back', async ({ browser, nginx }) => {
  const { join_url } = await nginx.token('twice', 'Ann');
  const first = await Caller.open(browser, join_url);
  await first.join();
  const second = await Caller.open(browser, join_url);
  await second.join();
  await ends(first.page, 'replaced', 'The call went on elsewhere');
  await comesBack(first.page, 'Continue here');
  await ends(second.page, 'replaced', 'The call went on elsewhere');
  await first.close();
  await second.close();
});

test('closed: everyone is told, and starts anew', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'curfew');
  await ann.join();
  await ben.join();
  await nginx.closeRoom('curfew');
  for (const { page } of [ann, ben]) {
    await ends(page, 'closed', 'This room is closed');
    await goesHome(page);
  }
  await ann.close();
  await ben.close();
});

test('token expired: in the call, and before it', async ({ browser, nginx }) => {
  const { join_url } = await nginx.token('late', 'Ann', undefined, 12);
  const ann = await Caller.open(browser, join_url);
  await ann.join();
  await expect(ann.page.getByTestId('ended')).toBeVisible({ timeout: 40_000 });
  await ends(ann.page, 'expired', 'Your invitation has expired');
  await goesHome(ann.page);
  await ann.close();

  const page = await (await browser.newContext()).newPage();
  await page.goto(join_url);
  await ends(page, 'expired', 'Your invitation has expired');
  await goesHome(page);
  await page.context().close();
});

test('links that open nothing say so', async ({ browser }) => {
  const nginx = await Nginx.start({ server: 'otter_max_peers 4;' });
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${nginx.origin}/otter/room/blue#token=bm8.dG9rZW4.YXQtYWxs`);
    await ends(page, 'invalid-token', 'This link does not open the room');
    await goesHome(page);
    await page.goto(`${nginx.origin}/otter/room/no%20room`);
    await ends(page, 'invalid-link', 'This link leads nowhere');
    await goesHome(page);
    await page.context().close();
  } finally {
    await nginx.end();
  }
});
