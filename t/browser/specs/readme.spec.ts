import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { Nginx } from '../lib/nginx.js';
import { expect, test } from '../lib/test.js';

const README = fileURLToPath(new URL('../../../README.md', import.meta.url));

/** The page that the README shows, as a web developer would take it over. */
function page(): string {
  const shown = /```html\n([\s\S]*?)```/.exec(readFileSync(README, 'utf8'))?.[1];
  if (shown === undefined) {
    throw new Error('the README shows no page');
  }
  return `<!doctype html>\n${shown}`;
}

/** Opens it as somebody who the site knows. */
async function visit(browser: Browser, nginx: Nginx, identity: string): Promise<Page> {
  const tab = await (await browser.newContext()).newPage();
  await tab.route('**/my/call', async (route) => {
    await route.fulfill({ json: await nginx.token('readme', identity) });
  });
  await tab.goto(`${nginx.origin}/site/page.html`);
  return tab;
}

function framesShown(tab: Page): Promise<number> {
  return tab.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('#remote');
    return video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  });
}

test('the page of the README makes a call', async ({ browser }) => {
  const folder = mkdtempSync(join(tmpdir(), 'otter-readme-'));
  // nginx's workers run as another user
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'page.html'), page());
  const nginx = await Nginx.start({ server: `location /site/ { alias ${folder}/; }` });

  const tabs = [await visit(browser, nginx, 'ann'), await visit(browser, nginx, 'ben')];
  for (const tab of tabs) {
    await expect.poll(() => framesShown(tab), { timeout: 30_000 }).toBeGreaterThan(10);
  }
  for (const tab of tabs) {
    await tab.context().close();
  }
  expect(await nginx.end()).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});
