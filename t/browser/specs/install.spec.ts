import { expect, test } from '../lib/test.js';

interface Manifest {
  readonly name: string;
  readonly start_url: string;
  readonly scope: string;
  readonly display: string;
  readonly icons: readonly { readonly src: string; readonly sizes: string }[];
}

test('the page can be installed as an app', async ({ browser, nginx }) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${nginx.origin}/otter/room/home`);
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const address = await page.evaluate((link) => new URL(link, document.baseURI).href, href ?? '');
  const response = await page.request.get(address);
  expect(response.headers()['content-type']).toBe('application/manifest+json');
  const manifest = (await response.json()) as Manifest;
  expect(manifest.display).toBe('standalone');
  expect(new URL(manifest.start_url, address).href).toBe(`${nginx.origin}/otter/`);
  expect(new URL(manifest.scope, address).href).toBe(`${nginx.origin}/otter/`);

  // Each icon is as large as it says.
  for (const { src, sizes } of manifest.icons) {
    const size = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return `${String(image.naturalWidth)}x${String(image.naturalHeight)}`;
    }, new URL(src, address).href);
    expect(size, src).toBe(sizes);
  }

  // What the browser itself says against it.
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A context of a test counts as a private window, which nothing is installed from.
  const against = installabilityErrors.map(({ errorId }) => errorId);
  expect(against.filter((id) => id !== 'in-incognito')).toEqual([]);
  await page.context().close();
});
