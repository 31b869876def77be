import { expect, test } from 'vitest';
import { nextSpeaker } from './useActiveSpeaker.js';

const ALL = ['ann', 'ben', 'cy'];

test.each<[string | null, string[], string | null, string]>([
  [null, [], 'ann', 'the first, before anybody has spoken'],
  ['ann', ['ben'], 'ben', 'whoever speaks'],
  ['ben', [], 'ben', 'whoever spoke last, in silence'],
  ['ben', ['ann', 'ben'], 'ben', 'whoever goes on, when another begins'],
  ['gone', [], 'ann', 'another, when the speaker has left'],
  ['ann', ['self'], 'ann', 'never this side'],
])('after %s, with %j speaking, %s: %s', (before, speaking, expected) => {
  expect(nextSpeaker(before, new Set(speaking), ALL)).toBe(expected);
});

test('nobody, when nobody is there', () => {
  expect(nextSpeaker('ann', new Set(['ann']), [])).toBeNull();
});
