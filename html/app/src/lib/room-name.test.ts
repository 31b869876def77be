import { webcrypto } from 'node:crypto';
import { expect, test } from 'vitest';
import { isRoomName, newRoomName, toRoomName } from './room-name.js';

test.each(['a', 'Team.meeting_1~x-2', 'x'.repeat(128)])('takes the name %s', (name) => {
  expect(isRoomName(name)).toBe(true);
});

test.each(['', '.', '..', 'a b', 'ä', 'a/b', 'a%20b', 'x'.repeat(129)])(
  'refuses the name %j',
  (name) => {
    expect(isRoomName(name)).toBe(false);
  },
);

test('makes a name of what a person types', () => {
  expect(toRoomName('  Café am   Rhein ')).toBe('Cafe-am-Rhein');
  expect(toRoomName('plain')).toBe('plain');
  expect(isRoomName(toRoomName('日本'))).toBe(false);
});

// Browsers have it as a global; the oldest Node that builds the page does not.
function random(bytes: Uint8Array): Uint8Array {
  return webcrypto.getRandomValues(bytes);
}

test('new names are valid, readable and differ', () => {
  const names = new Set(Array.from({ length: 500 }, () => newRoomName(random)));
  expect(names.size).toBe(500);
  for (const name of names) {
    expect(isRoomName(name)).toBe(true);
    expect(name).toMatch(/^[a-z]+-[a-z]+-[a-hjkmnp-z2-9]{8}$/);
  }
});

test('a byte that would favour some letters is passed over', () => {
  const once = (bytes: Uint8Array) => bytes.fill(255, 2, 6).fill(0, 6);
  expect(newRoomName(once)).toBe('amber-bank-aaaaaaaa');
});
