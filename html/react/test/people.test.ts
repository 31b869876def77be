import { expect, test } from 'vitest';
import { nameOf, type Trouble, troubleOf } from '../src/index.js';

test('a person without a name goes by the identity', () => {
  expect(nameOf({ name: ' Ada ', identity: 'u1' })).toBe('Ada');
  expect(nameOf({ name: '  ', identity: 'u1' })).toBe('u1');
});

test.each<['connecting' | 'connected' | 'unstable' | 'failed', boolean, Trouble | null]>([
  ['connected', false, null],
  ['connected', true, null],
  ['connecting', false, 'connecting'],
  ['connecting', true, 'away'],
  ['unstable', false, 'unstable'],
  ['failed', true, 'failed'],
])('%s, away: %s, shows %s', (connection, away, trouble) => {
  expect(troubleOf({ connection, away })).toBe(trouble);
});
