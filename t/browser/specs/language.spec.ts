import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import type { Nginx } from '../lib/nginx.js';
import { expect, test } from '../lib/test.js';

async function visit(
  browser: Browser,
  nginx: Nginx,
  options: BrowserContextOptions,
): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(`${nginx.origin}/otter/`);
  await expect(page.getByTestId('landing')).toBeVisible();
  return page;
}

test('the page speaks the language of the browser', async ({ browser, nginx }) => {
  const page = await visit(browser, nginx, { locale: 'de-AT' });
  await expect(page.getByTestId('start')).toHaveText('Anruf starten');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
  await page.context().close();
});

test('a language that was chosen holds over a reload', async ({ browser, nginx }) => {
  const page = await visit(browser, nginx, { locale: 'en' });
  await expect(page.getByTestId('start')).toHaveText('Start a call');
  await page.getByTestId('language').selectOption('uk');
  await expect(page.getByTestId('start')).toHaveText('Почати дзвінок');
  await page.reload();
  await expect(page.getByTestId('start')).toHaveText('Почати дзвінок');
  await page.context().close();
});

test('only the words that are spoken are fetched', async ({ browser, nginx }) => {
  const fetched: string[] = [];
  const page = await (await browser.newContext({ locale: 'en' })).newPage();
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(`${nginx.origin}/otter/`);
  await expect(page.getByTestId('landing')).toBeVisible();
  const catalogue = /\/assets\/(ar|de|es|fr|it|nl|pl|pt|uk|zh)-/;
  expect(fetched.filter((path) => catalogue.test(path))).toEqual([]);

  await page.getByTestId('language').selectOption('fr');
  await expect(page.getByTestId('start')).toHaveText('Démarrer un appel');
  expect(fetched.filter((path) => catalogue.test(path))).toHaveLength(1);
  await page.context().close();
});

test('Arabic is read from the right, and nothing sticks out', async ({ browser, nginx }) => {
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1280, height: 800 },
  ]) {
    const page = await visit(browser, nginx, { locale: 'ar', viewport });
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    const mark = await page.locator('header').first().locator('svg').first().boundingBox();
    expect(mark?.x ?? 0).toBeGreaterThan(viewport.width / 2);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(viewport.width);
    await page.context().close();
  }
});

test('the language changes in the middle of a call, which goes on', async ({ browser, nginx }) => {
  const { join_url } = await nginx.token('babel', 'Ann');
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  await page.goto(join_url);
  await page.getByTestId('join-call').click();
  await expect(page.getByTestId('control-leave')).toHaveAccessibleName('Leave');
  await page.getByTestId('control-more').click();
  await page.getByTestId('menu-settings').click();
  await page.getByRole('combobox', { name: 'Language' }).selectOption('es');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('control-leave')).toHaveAccessibleName('Salir');
  await expect(page.getByTestId('self-tile')).toHaveAccessibleName('Ann (tú)');
  await context.close();
});
