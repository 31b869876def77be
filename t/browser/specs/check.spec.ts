import type { Page } from '@playwright/test';
import { Nginx } from '../lib/nginx.js';
import { expect, test } from '../lib/test.js';

function verdict(page: Page, item: string) {
  return page.getByTestId(`check-${item}`);
}

test('the network check finds what works, and what does not', async ({ browser, coturn }) => {
  const { secret, everyUri } = coturn;
  // That of TLS has a certificate which no browser takes.
  const uris = everyUri.filter((uri) => !uri.startsWith('turns:'));
  const nginx = await Nginx.start({ turn: { secret, uris }, server: 'otter_echo on;' });
  const context = await browser.newContext();
  await context.grantPermissions(['clipboard-read', 'clipboard-write', 'camera', 'microphone']);
  const page = await context.newPage();
  await page.goto(`${nginx.origin}/otter/`);
  await page.getByTestId('open-check').click();
  expect(page.url()).toBe(`${nginx.origin}/otter/check`);
  // The address works by itself as well.
  await page.reload();
  await page.getByTestId('check-start').click();
  await expect(page.getByTestId('check-summary')).toBeVisible({ timeout: 60_000 });

  for (const item of ['camera', 'microphone', 'socket', 'udp', 'tcp']) {
    await expect(verdict(page, item), item).toHaveAttribute('data-verdict', 'passed');
  }
  await expect(verdict(page, 'tls')).toHaveAttribute('data-verdict', 'skipped');
  await expect(verdict(page, 'tls')).toContainText('The server has none');

  await page.getByTestId('check-copy').click();
  await expect(page.getByTestId('check-copy')).toHaveText('Copied');
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toContain('Otter network check');
  expect(report).toMatch(/^socket: passed \d+ ms .*rtt=/m);
  expect(report).toMatch(/^udp: passed/m);
  expect(report).not.toMatch(/eyJ/);
  await context.close();
  expect(await nginx.end()).toEqual([]);
});

test('a relay that can’t be reached, and a camera that is refused, are said', async ({
  browser,
}) => {
  const turn = { secret: 'x'.repeat(40), uris: ['turn:127.0.0.1:9?transport=tcp'] };
  const nginx = await Nginx.start({ turn, server: 'otter_echo on;' });
  const context = await browser.newContext({ permissions: [] });
  const page = await context.newPage();
  await page.addInitScript(() => {
    MediaDevices.prototype.getUserMedia = () =>
      Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  });
  await page.goto(`${nginx.origin}/otter/check`);
  await page.getByTestId('check-start').click();
  await expect(page.getByTestId('check-summary')).toHaveAttribute('data-summary', 'bad', {
    timeout: 60_000,
  });
  await expect(verdict(page, 'camera')).toContainText('Allow it in the address bar');
  await expect(verdict(page, 'tcp')).toHaveAttribute('data-verdict', 'failed');
  await expect(verdict(page, 'tcp')).toContainText('This network lets nothing through to it');
  await context.close();
  expect(await nginx.end()).toEqual([]);
});
