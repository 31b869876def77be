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
  const claims = readClaims(token({ sub: 'u1', name: 'Zoë 🦦', room: 'blue', exp: 1700000000 }));
  expect(claims).toEqual({
    identity: 'u1',
    name: 'Zoë 🦦',
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
