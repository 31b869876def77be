import { expect, test } from 'vitest';
import { parseConfig } from './config.js';

test('reads what nginx puts into the page', () => {
  expect(parseConfig('{"prefix":"/call/","guests":true,"max_peers":4}')).toEqual({
    prefix: '/call/',
    guests: true,
    maxPeers: 4,
  });
});

test.each([null, '', '%OTTER_CONFIG%', '[]', 'null', '"x"', '{}'])(
  'falls back to the strict defaults for %j',
  (content) => {
    expect(parseConfig(content)).toEqual({ prefix: '/otter/', guests: false, maxPeers: 8 });
  },
);

test('takes each member alone', () => {
  const config = parseConfig('{"prefix":"otter","guests":"yes","max_peers":-1}');
  expect(config).toEqual({ prefix: '/otter/', guests: false, maxPeers: 8 });
  expect(parseConfig('{"prefix":"/","max_peers":2.5}')).toEqual({
    prefix: '/',
    guests: false,
    maxPeers: 8,
  });
});
