import { describe, expect, test } from 'vitest';
import { inviteUrl, parseJoinInput, parseLocation, roomPath, tokenOf } from './links.js';

const PREFIX = '/otter/';
const HERE = { origin: 'https://call.example', host: 'call.example', prefix: PREFIX };

describe('the address bar', () => {
  test('leads to the landing page', () => {
    expect(parseLocation('/otter/', '', PREFIX)).toEqual({ at: 'landing' });
    expect(parseLocation('/elsewhere', '', PREFIX)).toEqual({ at: 'landing' });
  });

  test('leads to a room, with and without a token', () => {
    expect(parseLocation('/otter/room/blue', '', PREFIX)).toEqual({
      at: 'room',
      room: 'blue',
      token: null,
    });
    expect(parseLocation('/otter/room/blue/', '#token=a.b.c', PREFIX)).toEqual({
      at: 'room',
      room: 'blue',
      token: 'a.b.c',
    });
    expect(parseLocation('/otter/room/a%7Eb', '', PREFIX)).toMatchObject({ room: 'a~b' });
  });

  test.each(['room/', 'room/a/b', 'room/a%20b', 'room/%ff', 'room/%2e%2e', 'rooms', 'x'])(
    'leads nowhere for %s',
    (rest) => {
      expect(parseLocation(PREFIX + rest, '', PREFIX)).toEqual({ at: 'invalid' });
    },
  );

  test('works at the root as well', () => {
    expect(parseLocation('/room/x', '', '/')).toMatchObject({ at: 'room', room: 'x' });
    expect(roomPath('/', 'x')).toBe('/room/x');
  });
});

test('finds the token among other things in a fragment', () => {
  expect(tokenOf('#a=1&token=x.y.z')).toBe('x.y.z');
  expect(tokenOf('#token=')).toBeNull();
  expect(tokenOf('')).toBeNull();
});

test('an invite link carries no token', () => {
  expect(inviteUrl('https://call.example', PREFIX, 'blue')).toBe(
    'https://call.example/otter/room/blue',
  );
});

describe('what a person pastes or types', () => {
  test.each([
    ['blue', 'blue', null],
    ['  Team meeting ', 'Team-meeting', null],
    ['https://call.example/otter/room/blue', 'blue', null],
    ['https://call.example/otter/room/blue#token=a.b.c', 'blue', 'a.b.c'],
    ['call.example/otter/room/blue', 'blue', null],
  ])('%s joins %s', (input, room, token) => {
    expect(parseJoinInput(input, HERE)).toEqual({ kind: 'room', room, token });
  });

  test('a link to another place is not followed silently', () => {
    expect(parseJoinInput('https://other.example/otter/room/x', HERE)).toEqual({
      kind: 'elsewhere',
      url: 'https://other.example/otter/room/x',
      host: 'other.example',
    });
    expect(parseJoinInput('other.example/otter/room/x', HERE)).toMatchObject({
      kind: 'elsewhere',
      host: 'other.example',
    });
    expect(parseJoinInput('http://call.example/otter/room/x', HERE).kind).toBe('elsewhere');
  });

  test('nothing that is not a web link is taken for one', () => {
    expect(parseJoinInput('javascript:alert(1)', HERE)).toEqual({ kind: 'invalid' });
    expect(parseJoinInput('data:text/html,x', HERE)).toEqual({ kind: 'invalid' });
  });

  test('says when there is nothing, or nothing useful', () => {
    expect(parseJoinInput('   ', HERE)).toEqual({ kind: 'empty' });
    expect(parseJoinInput('a/b', HERE)).toEqual({ kind: 'invalid' });
    expect(parseJoinInput('https://call.example/otter/', HERE)).toEqual({ kind: 'invalid' });
    expect(parseJoinInput('https://', HERE)).toEqual({ kind: 'invalid' });
  });
});
