import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Nginx } from '../lib/nginx.js';
import { Site } from '../lib/site.js';
import { expect, test } from '../lib/test.js';

interface Heard extends Window {
  heard?: [string, unknown][];
}

/** A page with the element, which keeps the events of it. */
function page(nginx: Nginx, attributes: string): string {
  return `<!doctype html><title>Site</title>
    <script type="module" src="${nginx.origin}/otter/sdk/otter-call.js"></script>
    <script>
      window.heard = [];
      addEventListener('DOMContentLoaded', () => {
        for (const type of ['ready', 'joined', 'left', 'error', 'media']) {
          document.querySelector('otter-call').addEventListener(type, ({ detail }) => {
            window.heard.push([type, detail]);
          });
        }
      });
    </script>
    <otter-call ${attributes} style="--otter-brand: rgb(255, 0, 0)"></otter-call>`;
}

async function site(port: number, html: string): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'otter-embed-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), html);
  try {
    return await Site.files(port, folder, {});
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function heard(tab: Page, type: string): Promise<readonly unknown[]> {
  return tab.evaluate(
    (wanted) =>
      ((window as Heard).heard ?? []).filter(([name]) => name === wanted).map(([, what]) => what),
    type,
  );
}

test('a token, a theme and colours reach the page; a stranger is not obeyed', async ({
  browser,
}) => {
  const port = await Site.freePort();
  const nginx = await Nginx.start({ server: `otter_allowed_origins http://localhost:${port};` });
  const { token } = await nginx.token('den', 'Ann');
  const host = await site(port, page(nginx, `room="den" token="${token}" theme="dark" lang="en"`));
  const tab = await (await browser.newContext({ colorScheme: 'light' })).newPage();
  await tab.goto(host.origin);

  const frame = tab.frameLocator('otter-call iframe');
  await expect(frame.getByTestId('prejoin')).toBeVisible();
  const root = frame.locator('html');
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await expect.poll(() => heard(tab, 'ready')).toHaveLength(1);
  await expect
    .poll(() => root.evaluate((element) => element.style.getPropertyValue('--brand')))
    .toBe('rgb(255, 0, 0)');
  await tab.locator('otter-call').evaluate((element) => {
    element.setAttribute('theme', 'light');
  });
  await expect(root).toHaveAttribute('data-theme', 'light');

  await frame.getByTestId('join-call').click();
  await expect
    .poll(() => heard(tab, 'joined'))
    .toMatchObject([{ room: 'den', self: { identity: 'Ann', name: 'Ann' } }]);
  await expect.poll(() => heard(tab, 'media')).toContainEqual({ microphone: true, camera: true });

  // The frame itself is a window, and a parent of nothing: what it posts to itself is no command.
  await root.evaluate(() => {
    window.postMessage({ otter: 'call.v1', type: 'leave' }, '*');
  });
  await tab.evaluate(() => {
    document
      .querySelector('otter-call')
      ?.shadowRoot?.querySelector('iframe')
      ?.contentWindow?.postMessage({ otter: 'call.v2', type: 'leave' }, '*');
  });
  await expect(frame.getByTestId('call')).toBeVisible();
  await tab.locator('otter-call').evaluate((element) => {
    (element as HTMLElement & { leave(): void }).leave();
  });
  await expect.poll(() => heard(tab, 'left')).toEqual([{ reason: 'left' }]);
  expect(await heard(tab, 'error')).toEqual([]);

  await tab.context().close();
  await host.end();
  expect(await nginx.end()).toEqual([]);
});

test('what is wrong with a token is an error of the element', async ({ browser }) => {
  const port = await Site.freePort();
  const nginx = await Nginx.start({ server: `otter_allowed_origins http://localhost:${port};` });
  const host = await site(port, page(nginx, 'room="den" token="a.b.c"'));
  const tab = await (await browser.newContext()).newPage();
  await tab.goto(host.origin);
  await expect.poll(() => heard(tab, 'error')).toEqual([{ code: 'invalid-token' }]);
  await tab.context().close();
  await host.end();
  expect(await nginx.end()).toEqual([]);
});

test('a site that the server does not name gets no frame', async ({ browser, nginx }) => {
  const port = await Site.freePort();
  const host = await site(port, page(nginx, 'room="den"'));
  const tab = await (await browser.newContext()).newPage();
  const refusals: string[] = [];
  tab.on('console', (message) => {
    refusals.push(message.text());
  });
  await tab.goto(host.origin);
  await expect.poll(() => refusals.join('\n')).toContain('frame-ancestors');
  expect(await heard(tab, 'ready')).toEqual([]);
  await tab.context().close();
  await host.end();
});
