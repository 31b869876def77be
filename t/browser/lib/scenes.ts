import { expect, type Browser } from '@playwright/test';
import { Caller } from './call.js';
import { randomFile, sha256Of } from './files.js';
import { seesAndHears } from './media.js';
import type { Nginx } from './nginx.js';

const FILE_SIZE = 50_000_000;

/** Ann and Ben at the door of a room, each with a link from the site's back end. */
export async function arrive(
  browser: Browser,
  nginx: Nginx,
  room: string,
): Promise<[ann: Caller, ben: Caller]> {
  const links = [await nginx.token(room, 'Ann'), await nginx.token(room, 'Ben')] as const;
  return [
    await Caller.open(browser, links[0].join_url),
    await Caller.open(browser, links[1].join_url),
  ];
}

/** Both go in, and see and hear each other. */
export async function meet(ann: Caller, ben: Caller): Promise<void> {
  await ann.join();
  await ben.join();
  await ann.sees('Ben');
  await ben.sees('Ann');
  await seesAndHears(ann.page);
  await seesAndHears(ben.page);
}

/** They write to each other. */
export async function chat(ann: Caller, ben: Caller): Promise<void> {
  await ann.openChat();
  await ben.openChat();
  await ann.say('Can you read this?');
  await ben.hears('Can you read this?');
  await ben.say('Every word.');
  await ann.hears('Every word.');
}

/** A file of 50 MB goes from one to the other and is the same on both sides. */
export async function sendFile(from: Caller, to: Caller): Promise<void> {
  const file = randomFile('holiday.bin', FILE_SIZE);
  try {
    const expected = await sha256Of(file.path);
    await from.offerFile(file.path);
    expect(await sha256Of(await to.takeFile())).toBe(expected);
    expect(await to.fileHash()).toBe(expected);
    expect(await from.fileHash()).toBe(expected);
  } finally {
    file.remove();
  }
}
