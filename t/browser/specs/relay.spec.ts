import { flow } from '../lib/media.js';
import { arrive, chat, meet, sendFile } from '../lib/scenes.js';
import { expect, test } from '../lib/test.js';

test('a call goes through coturn where both hide their address', async ({
  browser,
  coturn,
  relayed,
}) => {
  const [ann, ben] = await arrive(browser, relayed, 'relayed-call');
  await ann.turnOn('Hide my network address');
  await ben.turnOn('Hide my network address');
  await meet(ann, ben);
  await chat(ann, ben);
  await sendFile(ann, ben);

  for (const { page } of [ann, ben]) {
    expect((await flow(page)).pairs).toEqual([['relay', 'relay']]);
  }
  // The credentials were the ones that nginx had made: "<expiry>:<identity>".
  expect(coturn.log()).toMatch(/user <\d{10}:[^>]*>.*ALLOCATE processed, success/);
  await ann.close();
  await ben.close();
});
