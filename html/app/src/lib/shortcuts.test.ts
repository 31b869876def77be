import { expect, test } from 'vitest';
import { commandOf, KEYS } from './shortcuts.js';

const PLAIN = { ctrlKey: false, metaKey: false, altKey: false, repeat: false };

test('every key has its command, in either case', () => {
  for (const [command, key] of Object.entries(KEYS)) {
    expect(commandOf({ ...PLAIN, key })).toBe(command);
    expect(commandOf({ ...PLAIN, key: key.toUpperCase() })).toBe(command);
  }
});

test('no two commands share a key', () => {
  const keys = Object.values(KEYS);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(['ctrlKey', 'metaKey', 'altKey', 'repeat'])(
  '%s leaves the key to the browser',
  (held) => {
    expect(commandOf({ ...PLAIN, key: 'c', [held]: true })).toBeNull();
  },
);

test('other keys do nothing', () => {
  expect(commandOf({ ...PLAIN, key: 'q' })).toBeNull();
  expect(commandOf({ ...PLAIN, key: 'Enter' })).toBeNull();
});
