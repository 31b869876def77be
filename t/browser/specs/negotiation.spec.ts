import type { Browser } from '@playwright/test';
import { BarePeer } from '../lib/bare-peer.js';
import type { Nginx } from '../lib/nginx.js';
import { seesAndHears } from '../lib/media.js';
import { expect, test } from '../lib/test.js';

const ROUNDS = 50;

async function gather(
  browser: Browser,
  nginx: Nginx,
  names: readonly string[],
): Promise<readonly BarePeer[]> {
  const peers: BarePeer[] = [];
  for (const name of names) {
    peers.push(await BarePeer.join(browser, nginx, 'rounds', name));
  }
  for (const peer of peers) {
    await peer.media();
  }
  return peers;
}

/** Every pair is at rest and connected, and each gets exactly what the others send. */
async function atRest(peers: readonly BarePeer[]): Promise<void> {
  await expect(async () => {
    const standings = await Promise.all(peers.map((peer) => peer.standing()));
    const sent = new Map(peers.map(({ identity }, i) => [identity, standings[i]?.sends]));
    for (const { pairs } of standings) {
      expect(pairs).toHaveLength(peers.length - 1);
      for (const pair of pairs) {
        expect(pair.signaling).toBe('stable');
        expect(pair.connection).toBe('connected');
        expect(pair.receives).toEqual(sent.get(pair.with));
        // Sections are used again: 100 rounds of tracks would need many more otherwise.
        expect(pair.sections).toBeLessThanOrEqual(8);
      }
    }
  }).toPass({ timeout: 20_000 });
}

for (const pause of [20, 200]) {
  test(`both sides add and remove tracks at once, ${pause} ms apart`, async ({
    browser,
    nginx,
  }) => {
    const peers = await gather(browser, nginx, ['Ann', 'Ben']);
    await Promise.all(peers.map((peer) => peer.churn(ROUNDS, pause)));
    await atRest(peers);
    for (const peer of peers) {
      expect(await peer.errors()).toEqual([]);
      await peer.close();
    }
  });
}

test('the same among three', async ({ browser, nginx }) => {
  const peers = await gather(browser, nginx, ['Ann', 'Ben', 'Cem']);
  await Promise.all(peers.map((peer) => peer.churn(ROUNDS, 150)));
  await atRest(peers);
  for (const peer of peers) {
    expect(await peer.errors()).toEqual([]);
    await peer.close();
  }
});

test('what is sent after the rounds is seen and heard', async ({ browser, nginx }) => {
  const peers = await gather(browser, nginx, ['Ann', 'Ben']);
  await Promise.all(peers.map((peer) => peer.churn(ROUNDS, 50)));
  await atRest(peers);
  for (const peer of peers) {
    await peer.publishAll();
  }
  await atRest(peers);
  for (const { page } of peers) {
    await seesAndHears(page);
  }
  for (const peer of peers) {
    await peer.close();
  }
});
