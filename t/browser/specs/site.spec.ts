import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nginx } from '../lib/nginx.js';
import { expect, test } from '../lib/test.js';

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">
  <rect width="80" height="40" fill="#a02060"/></svg>`;

test('a site dresses the page with its own logo and colours', async ({ browser }) => {
  const folder = mkdtempSync(join(tmpdir(), 'otter-site-'));
  // nginx's workers run as another user
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'logo.svg'), LOGO);
  writeFileSync(join(folder, 'site.css'), ':root { --brand: rgb(160 32 96); }');
  const nginx = await Nginx.start({
    server: `otter_logo /site/logo.svg; otter_stylesheet /site/site.css;
      location /site/ {
        types { image/svg+xml svg; text/css css; }
        alias ${folder}/;
      }`,
  });
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${nginx.origin}/otter/`);
  const logo = page.getByTestId('logo').first();
  await expect(logo).toBeVisible();
  const width = (): Promise<number> =>
    logo.evaluate((image) => (image as HTMLImageElement).naturalWidth);
  await expect.poll(width).toBe(80);
  await expect(page.getByTestId('start')).toHaveCSS('background-color', 'rgb(160, 32, 96)');
  await page.context().close();
  expect(await nginx.end()).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});
