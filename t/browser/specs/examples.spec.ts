import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { recordConnections, seesAndHears } from '../lib/media.js';
import { Nginx } from '../lib/nginx.js';
import { EXAMPLES, Site } from '../lib/site.js';
import { expect, test } from '../lib/test.js';

const VITE = fileURLToPath(new URL('../../../html/node_modules/vite/bin/vite.js', import.meta.url));

async function open(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext();
  await recordConnections(context);
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

test('element: a static page of another origin', async ({ browser }) => {
  const port = await Site.freePort();
  const nginx = await Nginx.start({
    server: `otter_allowed_origins http://localhost:${port};`,
  });
  const site = await Site.files(port, join(EXAMPLES, 'element'), {
    'http://localhost:8080': nginx.origin,
  });

  const pages = [await open(browser, site.origin), await open(browser, site.origin)];
  for (const [index, page] of pages.entries()) {
    const frame = page.frameLocator('otter-call iframe');
    await frame.getByTestId('name').fill(['Ann', 'Ben'][index] ?? '');
    await frame.getByTestId('join-call').click();
    await expect(frame.getByTestId('call')).toBeVisible();
  }
  const [ann, ben] = pages;
  if (ann === undefined || ben === undefined) {
    throw new Error('two pages were opened');
  }
  await expect(ann.locator('#events')).toHaveText('peer-joined: Ben');
  await expect(ann.frameLocator('iframe').getByTestId('tile')).toHaveAttribute('data-name', 'Ben');
  await expect(
    ann.frameLocator('iframe').getByTestId('tile').locator('video'),
    'a picture of the other',
  ).toBeVisible();

  await ben.locator('#mute').click();
  await expect(ben.locator('#mute')).toHaveText('Unmute');
  await expect(ann.frameLocator('iframe').getByTestId('tile')).toHaveAccessibleName(/\bMuted\b/);

  await ben.locator('#leave').click();
  await expect(ben.locator('#events')).toHaveText('left: left');
  await expect(ann.locator('#events')).toHaveText('peer-left: Ben');

  for (const page of pages) {
    await page.context().close();
  }
  await site.end();
  expect(await nginx.end()).toEqual([]);
});

test('react: a page made of the hooks', async ({ browser, nginx }) => {
  const port = await Site.freePort();
  const folder = join(EXAMPLES, 'react');
  const site = await Site.node(port, [VITE, folder, '--port', String(port)], {
    OTTER_SERVER: nginx.origin,
  });

  const pages: Page[] = [];
  for (const name of ['Ann', 'Ben']) {
    const page = await open(browser, site.origin);
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'Come in' }).click();
    pages.push(page);
  }
  const [ann, ben] = pages;
  if (ann === undefined || ben === undefined) {
    throw new Error('two pages were opened');
  }
  await expect(ann.getByRole('heading', { name: 'studio (2 of 8)' })).toBeVisible();
  await expect(ann.getByRole('listitem', { name: 'Ben', exact: true })).toBeVisible();
  await seesAndHears(ann);
  await seesAndHears(ben);
  await expect(ann.getByText(/^Ben: direct, \d+ kbit\/s in$/)).toBeVisible();

  await ben.getByRole('button', { name: 'Mute' }).click();
  await expect(ann.getByRole('listitem', { name: 'Ben, muted' })).toBeVisible();
  await ann.getByLabel('Write to everyone').fill('Tea?');
  await ann.getByRole('button', { name: 'Send' }).click();
  await expect(ben.getByRole('log')).toContainText('Ann Tea?');

  await ben.getByRole('button', { name: 'Leave' }).click();
  await expect(ann.getByRole('heading', { name: 'studio (1 of 8)' })).toBeVisible();
  for (const page of pages) {
    await page.context().close();
  }
  await site.end();
});

test('node: a back end that mints tokens', async ({ browser, nginx }) => {
  const port = await Site.freePort();
  const site = await Site.node(port, [join(EXAMPLES, 'node/server.mjs')], {
    OTTER_URL: `${nginx.origin}/otter/`,
    OTTER_API_KEY_FILE: nginx.apiKeyFile,
    PORT: String(port),
  });

  const pages: Page[] = [];
  for (const name of ['Ann', 'Ben']) {
    const page = await open(browser, site.origin);
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'Come in' }).click();
    await expect(page).toHaveURL(`${nginx.origin}/otter/room/reception`);
    await page.getByTestId('join-call').click();
    pages.push(page);
  }
  const [ann, ben] = pages;
  if (ann === undefined || ben === undefined) {
    throw new Error('two pages were opened');
  }
  await expect(ann.getByTestId('tile')).toHaveAttribute('data-name', 'Ben');
  await expect(ben.getByTestId('tile')).toHaveAttribute('data-name', 'Ann');
  await seesAndHears(ann);
  await seesAndHears(ben);

  const long = await fetch(`${site.origin}/call`, {
    method: 'POST',
    body: 'name='.padEnd(5000, 'x'),
  });
  expect(long.status).toBe(413);
  expect((await fetch(`${site.origin}/none`)).status).toBe(404);
  for (const page of pages) {
    await page.context().close();
  }
  await site.end();
});
