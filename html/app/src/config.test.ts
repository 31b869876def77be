import { expect, test } from 'vitest';
import { parseConfig } from './config.js';

const PLAIN = { logo: null, stylesheet: null };

test('reads what nginx puts into the page', () => {
  expect(parseConfig('{"prefix":"/call/","guests":true,"max_peers":4}')).toEqual({
    prefix: '/call/',
    guests: true,
    maxPeers: 4,
    ...PLAIN,
  });
});

test.each([null, '', '%OTTER_CONFIG%', '[]', 'null', '"x"', '{}'])(
  'falls back to the strict defaults for %j',
  (content) => {
    expect(parseConfig(content)).toEqual({
      prefix: '/otter/',
      guests: false,
      maxPeers: 8,
      ...PLAIN,
    });
  },
);

test('takes each member alone', () => {
  const config = parseConfig('{"prefix":"otter","guests":"yes","max_peers":-1}');
  expect(config).toEqual({
    prefix: '/otter/',
    guests: false,
    maxPeers: 8,
    ...PLAIN,
  });
  expect(parseConfig('{"prefix":"/","max_peers":2.5}')).toEqual({
    prefix: '/',
    guests: false,
    maxPeers: 8,
    ...PLAIN,
  });
});

test.each([
  ['/img/logo.svg', '/img/logo.svg'],
  ['//elsewhere.example/logo.svg', null],
  ['/\\elsewhere.example/logo.svg', null],
  ['https://elsewhere.example/logo.svg', null],
  ['logo.svg', null],
  ['/', null],
  [7, null],
])('what the site gives is on its own host: %j', (path, taken) => {
  const { logo, stylesheet } = parseConfig(JSON.stringify({ logo: path, stylesheet: path }));
  expect([logo, stylesheet]).toEqual([taken, taken]);
});
