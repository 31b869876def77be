import { arrive, chat, meet, sendFile } from '../lib/scenes.js';
import { expect, test } from '../lib/test.js';

test('two browsers see and hear each other, chat and send a file', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'first-call');
  await meet(ann, ben);
  await chat(ann, ben);
  await sendFile(ann, ben);

  await ben.page.getByTestId('control-leave').click();
  await expect(ben.page.getByTestId('ended')).toBeVisible();
  await expect(ann.page.getByTestId('tile')).toHaveCount(0);
  await ann.close();
  await ben.close();
});

test('the token is taken out of the address, and a reload goes on', async ({ browser, nginx }) => {
  const [ann, ben] = await arrive(browser, nginx, 'reload');
  expect(ann.page.url()).toBe(`${nginx.origin}/otter/room/reload`);
  await meet(ann, ben);

  await ann.page.reload();
  await expect(ben.page.getByTestId('tile')).toHaveCount(0);
  await ann.join();
  await ann.sees('Ben');
  await ben.sees('Ann');
  await ann.close();
  await ben.close();
});
