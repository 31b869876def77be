import type { Browser, BrowserContext, Page } from '@playwright/test';

/** When things happened in a page, in its own milliseconds. */
type Marks = Readonly<Record<string, number>>;

interface Marked extends Window {
  otterMarks?: Record<string, number>;
}

interface FrameReader {
  read(): Promise<{ value?: { close(): void } }>;
  cancel(): Promise<void>;
}

/** Of Chromium alone, and in no library of types. */
type Processor = new (options: { track: MediaStreamTrack }) => {
  readonly readable: { getReader(): FrameReader };
};

/**
 * Notes in every page of this context when a button was clicked and when the first remote picture
 * was decoded, with the steps between. It takes the decoder's own output: when an element shows a
 * picture is up to the page.
 */
export async function markJoining(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const marks: Record<string, number> = {};
    (window as Marked).otterMarks = marks;
    const mark = (name: string): void => {
      marks[name] ??= performance.now();
    };
    window.addEventListener(
      'click',
      ({ timeStamp }) => {
        marks.click = timeStamp;
      },
      true,
    );
    const firstFrame = async (track: MediaStreamTrack): Promise<void> => {
      const { MediaStreamTrackProcessor } = window as unknown as {
        MediaStreamTrackProcessor: Processor;
      };
      const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
      const { value } = await reader.read();
      mark('frame');
      value?.close();
      await reader.cancel();
    };
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        mark('dialed');
        this.addEventListener('open', () => {
          mark('open');
        });
        this.addEventListener('message', () => {
          mark('welcome');
        });
      }
    };
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener('signalingstatechange', () => {
          mark(this.signalingState === 'stable' ? 'answered' : 'offered');
        });
        this.addEventListener('iceconnectionstatechange', () => {
          if (this.iceConnectionState === 'connected') {
            mark('ice');
          }
        });
        this.addEventListener('connectionstatechange', () => {
          if (this.connectionState === 'connected') {
            mark('dtls');
          }
        });
        this.addEventListener('track', ({ track }) => {
          if (track.kind === 'video') {
            void firstFrame(track);
          }
        });
      }
    };
  });
}

/** Opens a page whose joining is noted. */
export async function openMarked(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext();
  await markJoining(context);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Waits for the first remote picture; milliseconds from the click to each step. */
export async function joinTimes(page: Page): Promise<Marks> {
  await page.waitForFunction(() => 'frame' in ((window as Marked).otterMarks ?? {}));
  const marks = await page.evaluate(() => (window as Marked).otterMarks ?? {});
  const { click = 0 } = marks;
  const since = Object.entries(marks).map(([name, at]) => [name, at - click] as const);
  return Object.fromEntries(since.filter(([, ms]) => ms > 0));
}
