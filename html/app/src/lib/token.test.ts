import { expect, test } from 'vitest';
import { readClaims } from './token.js';

function token(claims: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const payload = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  return `e30.${payload}.c2ln`;
}

const NOTHING = { identity: null, name: null, room: null, expiresAt: null };

test('reads who, where and until when', () => {
  const name = 'Zoë 🦦 >>> ???';
  const text = token({ sub: 'u1', name, room: 'blue', exp: 1700000000 });
  // Both of the letters in which base64url differs.
  expect(text).toMatch(/-.*_/);
  expect(readClaims(text)).toEqual({
    identity: 'u1',
    name,
    room: 'blue',
    expiresAt: 1_700_000_000_000,
  });
});

test('an empty name is none', () => {
  expect(readClaims(token({ name: '  ' })).name).toBeNull();
});

test.each(['', '..', 'a.b', 'a.!.c', token(null), token('x'), token({ sub: 1, exp: 'x' })])(
  'gives nothing for %j',
  (text) => {
    expect(readClaims(text)).toEqual(NOTHING);
  },
);
