import { expect, test } from 'vitest';
import { abilitiesOf } from './effects.js';

function track(capabilities: object): MediaStreamTrack {
  return { getCapabilities: () => capabilities } as unknown as MediaStreamTrack;
}

test('an effect is offered where it can be switched both ways', () => {
  const able = track({ backgroundBlur: [true, false], noiseSuppression: [false, true] });
  expect(abilitiesOf(able, able)).toEqual({ blur: true, noise: true });
  const forced = track({ backgroundBlur: [true], noiseSuppression: [false] });
  expect(abilitiesOf(forced, forced)).toEqual({ blur: false, noise: false });
  expect(abilitiesOf(track({}), {} as MediaStreamTrack)).toEqual({ blur: false, noise: false });
  expect(abilitiesOf(null, null)).toEqual({ blur: false, noise: false });
});
