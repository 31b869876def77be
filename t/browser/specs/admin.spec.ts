import type { Browser, Page } from '@playwright/test';
import { BarePeer } from '../lib/bare-peer.js';
import type { Nginx } from '../lib/nginx.js';
import { expect, test } from '../lib/test.js';

interface PeerWindow {
  readonly peer: { readonly room: { readonly state: string } };
}

async function open(browser: Browser, nginx: Nginx, key: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${nginx.origin}/otter/admin`);
  await page.getByTestId('admin-key').fill(key);
  await page.getByTestId('admin-enter').click();
  return page;
}

test('rooms, peers and rates as they are; a peer is put out, a room locked and closed', async ({
  browser,
  nginx,
}) => {
  const ann = await BarePeer.join(browser, nginx, 'den', 'ann');
  const ben = await BarePeer.join(browser, nginx, 'den', 'ben');
  const cat = await BarePeer.join(browser, nginx, 'attic', 'cat');
  const page = await open(browser, nginx, nginx.apiKey);
  const den = page.locator('[data-room="den"]');

  await expect(page.getByTestId('admin-room')).toHaveCount(2);
  await expect(den.getByTestId('admin-peer')).toHaveText([/^ann/, /^ben/]);
  await expect(page.getByRole('definition').nth(1)).toHaveText('3');
  await expect(page.getByRole('img', { name: /^Peers in rooms: now 3, at most 3$/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Messages a second: received: now/ })).toBeVisible();

  await page.getByRole('searchbox').fill('CAT');
  await expect(page.getByTestId('admin-room')).toHaveCount(1);
  await page.getByRole('searchbox').fill('');

  await den.getByRole('button', { name: 'Put out: ben' }).click();
  await page.getByTestId('admin-confirm').click();
  await expect(den.getByTestId('admin-peer')).toHaveText([/^ann/]);
  await expect
    .poll(() => ben.page.evaluate(() => (window as unknown as PeerWindow).peer.room.state))
    .toBe('closed');

  await den.getByRole('button', { name: 'Lock: den' }).click();
  await expect(den.getByRole('button', { name: 'Unlock: den' })).toBeVisible();

  await den.getByRole('button', { name: 'Close: den' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(den).toBeVisible();
  await den.getByRole('button', { name: 'Close: den' }).click();
  await page.getByTestId('admin-confirm').click();
  await expect(den).toHaveCount(0);
  await expect
    .poll(() => ann.page.evaluate(() => (window as unknown as PeerWindow).peer.room.state))
    .toBe('closed');
  await expect(page.locator('[data-room="attic"]')).toBeVisible();

  for (const peer of [ann, ben, cat]) {
    await peer.close();
  }
  await page.context().close();
});

test('the key stays in its tab, and is forgotten when told to', async ({ browser, nginx }) => {
  const page = await open(browser, nginx, nginx.apiKey);
  await expect(page.getByTestId('admin')).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('admin')).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('otk_');
  expect(page.url()).not.toContain('otk_');

  const other = await page.context().newPage();
  await other.goto(`${nginx.origin}/otter/admin`);
  await expect(other.getByTestId('admin-door')).toBeVisible();

  await page.getByTestId('admin-leave').click();
  await expect(page.getByTestId('admin-door')).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('otk_');
  await page.context().close();
});

test('a key that the server does not take, and one that sees no numbers', async ({
  browser,
  nginx,
}) => {
  const page = await open(browser, nginx, `${nginx.apiKey}x`);
  await expect(page.getByRole('alert')).toHaveText('The server does not take this key.');
  await page.getByTestId('admin-key').fill(await nginx.addKey('rooms'));
  await page.getByTestId('admin-enter').click();
  await expect(page.getByTestId('admin')).toContainText('This key may not see the numbers');
  await expect(page.getByText('There is no room at the moment.')).toBeVisible();
  await page.context().close();
});

test('a server that is away is told, and found again', async ({ browser, nginx }) => {
  const page = await open(browser, nginx, nginx.apiKey);
  await expect(page.getByText('There is no room at the moment.')).toBeVisible();
  await page.route('**/otter/rooms?**', (route) => route.abort());
  await expect(page.getByRole('status')).toContainText('The server does not answer');
  await page.unroute('**/otter/rooms?**');
  await expect(page.getByRole('status')).toHaveText('');
  await page.context().close();
});

test('the page is not fetched with that of a call', async ({ browser, nginx }) => {
  const page = await (await browser.newContext()).newPage();
  const fetched: string[] = [];
  page.on('request', (request) => {
    fetched.push(new URL(request.url()).pathname);
  });
  await page.goto(`${nginx.origin}/otter/room/den`);
  await expect(page.getByTestId('prejoin')).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(fetched.filter((path) => path.includes('Admin'))).toEqual([]);
  await page.context().close();
});
