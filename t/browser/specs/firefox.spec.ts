import { Caller } from '../lib/call.js';
import { randomFile, sha256Of } from '../lib/files.js';
import { Firefox } from '../lib/firefox.js';
import { flow, seesAndHears } from '../lib/media.js';
import { expect, test } from '../lib/test.js';

/** Keeps every connection of the page, so that its own statistics can be read. */
const RECORD = `
  const kept = window.otterConnections = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration) {
      super(configuration);
      kept.push(this);
    }
  };`;

interface Received {
  readonly frames: number;
  readonly bytesOfSound: number;
}

/** What Firefox has decoded of pictures, and received of sound. */
function received(firefox: Firefox): Promise<Received> {
  return firefox.evaluate<Received>(`(async () => {
    const sum = { frames: 0, bytesOfSound: 0 };
    for (const pc of window.otterConnections.filter((one) => one.connectionState !== 'closed')) {
      (await pc.getStats()).forEach((entry) => {
        if (entry.type === 'inbound-rtp') {
          sum.frames += entry.framesDecoded ?? 0;
          sum.bytesOfSound += entry.kind === 'audio' ? entry.bytesReceived : 0;
        }
      });
    }
    return sum;
  })()`);
}

function text(firefox: Firefox, selector: string): Promise<string> {
  return firefox.evaluate<string>(
    `document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`,
  );
}

function attribute(firefox: Firefox, selector: string, name: string): Promise<string> {
  return firefox.evaluate<string>(
    `document.querySelector(${JSON.stringify(selector)})?.getAttribute(${JSON.stringify(name)}) ?? ''`,
  );
}

async function seesAndHearsInFirefox(firefox: Firefox): Promise<void> {
  const before = await received(firefox);
  await expect(async () => {
    const now = await received(firefox);
    expect(now.frames).toBeGreaterThan(before.frames + 10);
    expect(now.bytesOfSound).toBeGreaterThan(before.bytesOfSound);
  }).toPass({ timeout: 30_000 });
}

test('Firefox and Chromium: pictures, sound, mute, chat and files, both ways', async ({
  browser,
  nginx,
}) => {
  test.setTimeout(240_000);
  const firefox = await Firefox.start();
  const outgoing = randomFile('from-firefox.bin', 3_000_000);
  const incoming = randomFile('from-chromium.bin', 3_000_000);
  try {
    const links = [await nginx.token('both', 'Fay'), await nginx.token('both', 'Cora')] as const;
    await firefox.before(RECORD);
    await firefox.goto(links[0].join_url);
    await expect
      .poll(() => firefox.evaluate(`!!document.querySelector('[data-testid="preview"] video')`))
      .toBe(true);
    await firefox.click('join-call');
    await expect
      .poll(() => firefox.evaluate(`!!document.querySelector('[data-testid="call"]')`))
      .toBe(true);

    const cora = await Caller.open(browser, links[1].join_url);
    await cora.join();
    await cora.sees('Fay');
    await expect.poll(() => attribute(firefox, '[data-testid="tile"]', 'data-name')).toBe('Cora');

    await test.step('pictures and sound', async () => {
      await seesAndHears(cora.page);
      await seesAndHearsInFirefox(firefox);
      const { connections } = await flow(cora.page);
      expect(connections).toEqual(['connected']);
    });

    await test.step('mute', async () => {
      await cora.page.getByTestId('control-microphone').click();
      await expect
        .poll(() => attribute(firefox, '[data-testid="tile"]', 'aria-label'))
        .toMatch(/\bMuted\b/);
      await firefox.click('control-microphone');
      await expect(cora.page.getByTestId('tile')).toHaveAccessibleName(/\bMuted\b/);
      await firefox.click('control-microphone');
      await expect(cora.page.getByTestId('tile')).not.toHaveAccessibleName(/\bMuted\b/);
      await cora.page.getByTestId('control-microphone').click();
      await expect
        .poll(() => attribute(firefox, '[data-testid="tile"]', 'aria-label'))
        .not.toMatch(/\bMuted\b/);
    });

    await test.step('chat', async () => {
      await cora.openChat();
      await firefox.click('control-chat');
      await firefox.type('chat-input', 'From Firefox');
      await firefox.click('chat-send');
      await cora.hears('From Firefox');
      await cora.say('From Chromium');
      await expect
        .poll(() => text(firefox, '[data-testid="chat-panel"]'))
        .toContain('From Chromium');
    });

    await test.step('a file to Chromium', async () => {
      await firefox.setFile('file-input', outgoing.path);
      const hash = await sha256Of(outgoing.path);
      expect(await sha256Of(await cora.takeFile())).toBe(hash);
      await expect
        .poll(() => attribute(firefox, '[data-testid="file-verified"]', 'data-sha256'))
        .toBe(hash);
    });

    await test.step('a file to Firefox', async () => {
      await cora.offerFile(incoming.path);
      await firefox.click('file-accept');
      const hash = await sha256Of(incoming.path);
      await expect
        .poll(
          () =>
            firefox.evaluate(
              `[...document.querySelectorAll('[data-testid="file-verified"]')].map((mark) => mark.dataset.sha256)`,
            ),
          { timeout: 60_000 },
        )
        .toContain(hash);
    });

    await test.step('leaving', async () => {
      await firefox.click('control-leave');
      await expect(cora.page.getByTestId('tile')).toHaveCount(0);
    });
    await cora.close();
  } finally {
    outgoing.remove();
    incoming.remove();
    await firefox.end();
  }
});
