import { expect, type Browser, type Page } from '@playwright/test';
import { recordConnections } from './media.js';

/** Somebody with a browser of their own who uses the page that Otter serves. */
export class Caller {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string): Promise<Caller> {
    const context = await browser.newContext();
    await recordConnections(context);
    // Nobody is there to answer the picker: files go to the private file system.
    await context.addInitScript(() => {
      Object.defineProperty(window, 'showSaveFilePicker', { value: undefined, writable: true });
    });
    const page = await context.newPage();
    await page.goto(url);
    await expect(page.getByTestId('prejoin')).toBeVisible();
    return new Caller(page);
  }

  /** Turns a switch of the settings on, before the call. */
  async turnOn(setting: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    await this.page.getByRole('switch', { name: setting }).click();
    await this.page.getByRole('button', { name: 'Close' }).click();
  }

  async join(): Promise<void> {
    await this.page.getByTestId('join-call').click();
    await expect(this.page.getByTestId('call')).toBeVisible();
  }

  /** Waits until the others' tiles are there. */
  async sees(...names: readonly string[]): Promise<void> {
    await expect(this.page.getByTestId('tile')).toHaveCount(names.length);
    for (const name of names) {
      await expect(this.page.getByTestId('tile').filter({ hasText: name })).toBeVisible();
    }
  }

  async openChat(): Promise<void> {
    await this.page.getByTestId('control-chat').click();
    await expect(this.page.getByTestId('chat-panel')).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.page.getByTestId('chat-input').fill(text);
    await this.page.getByTestId('chat-send').click();
  }

  async hears(text: string): Promise<void> {
    await expect(this.page.getByTestId('chat-message').filter({ hasText: text })).toBeVisible();
  }

  async offerFile(path: string): Promise<void> {
    await this.page.getByTestId('file-input').setInputFiles(path);
  }

  /** Takes the file that is offered and saves it; returns where it lies. */
  async takeFile(): Promise<string> {
    await this.page.getByTestId('file-accept').click();
    const link = this.page.getByTestId('file-download');
    await expect(link).toBeVisible({ timeout: 90_000 });
    const coming = this.page.waitForEvent('download');
    await link.click();
    return (await coming).path();
  }

  /** The SHA-256 that the page shows for the file. */
  async fileHash(): Promise<string | null> {
    const mark = this.page.getByTestId('file-verified');
    await expect(mark).toBeVisible({ timeout: 90_000 });
    return mark.getAttribute('data-sha256');
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
