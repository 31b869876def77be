import type { Browser, Page } from '@playwright/test';
import { recordConnections } from './media.js';
import type { Nginx } from './nginx.js';

interface Pair {
  readonly with: string;
  readonly signaling: string;
  readonly connection: string;
  readonly receives: readonly string[];
  readonly sections: number;
}

export interface Standing {
  readonly sends: readonly string[];
  readonly pairs: readonly Pair[];
}

/** What pages/peer.js puts on the window. */
interface PeerWindow {
  readonly peer: {
    readonly chat: readonly string[];
    readonly errors: readonly string[];
    readonly room: { sendChat(text: string): void; readonly state: string };
    join(options: object): Promise<string>;
    media(video?: object): Promise<void>;
    publish(sources: readonly string[]): void;
    publishAll(): void;
    churn(rounds: number, pause: number): Promise<void>;
    settled(): Standing;
  };
}

declare const window: PeerWindow;

/** A page with the client library alone, for what no app shows. */
export class BarePeer {
  readonly page: Page;
  readonly identity: string;

  private constructor(page: Page, identity: string) {
    this.page = page;
    this.identity = identity;
  }

  /** A page that has loaded the library and joined nothing. */
  static async open(browser: Browser, nginx: Nginx): Promise<Page> {
    const context = await browser.newContext();
    await recordConnections(context);
    const page = await context.newPage();
    await page.goto(nginx.barePage);
    await page.waitForFunction(() => 'peer' in globalThis);
    return page;
  }

  static async join(
    browser: Browser,
    nginx: Nginx,
    room: string,
    identity: string,
    rtc: object = {},
  ): Promise<BarePeer> {
    const page = await BarePeer.open(browser, nginx);
    const { token, ws_url: url } = await nginx.token(room, identity);
    await page.evaluate((options) => window.peer.join(options), { token, url, rtc });
    return new BarePeer(page, identity);
  }

  media(video?: object): Promise<void> {
    return this.page.evaluate((constraints) => window.peer.media(constraints), video);
  }

  /** Sends tracks of these sources. */
  publish(...sources: readonly string[]): Promise<void> {
    return this.page.evaluate((list) => {
      window.peer.publish(list);
    }, sources);
  }

  /** Sends a track of every source. */
  publishAll(): Promise<void> {
    return this.page.evaluate(() => {
      window.peer.publishAll();
    });
  }

  /** Adds and removes tracks at random. */
  churn(rounds: number, pause: number): Promise<void> {
    return this.page.evaluate(([count, ms]) => window.peer.churn(count, ms), [
      rounds,
      pause,
    ] as const);
  }

  standing(): Promise<Standing> {
    return this.page.evaluate(() => window.peer.settled());
  }

  errors(): Promise<readonly string[]> {
    return this.page.evaluate(() => window.peer.errors);
  }

  chat(): Promise<readonly string[]> {
    return this.page.evaluate(() => window.peer.chat);
  }

  say(text: string): Promise<void> {
    return this.page.evaluate((line) => {
      window.peer.room.sendChat(line);
    }, text);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
