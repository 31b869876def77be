import { expect, test } from 'vitest';
import { linkify, type Piece } from './linkify.js';

function text(words: string): Piece {
  return { kind: 'text', text: words };
}

function link(words: string, href = words): Piece {
  return { kind: 'link', text: words, href };
}

test('plain text stays one piece', () => {
  expect(linkify('no link here: 1 < 2')).toEqual([text('no link here: 1 < 2')]);
  expect(linkify('')).toEqual([]);
});

test('finds links among words', () => {
  expect(linkify('see https://a.example/x?y=1#z and www.b.example now')).toEqual([
    text('see '),
    link('https://a.example/x?y=1#z'),
    text(' and '),
    link('www.b.example', 'https://www.b.example/'),
    text(' now'),
  ]);
});

test.each([
  ['(https://a.example/)', ['(', 'https://a.example/', ')']],
  ['https://a.example/x.', ['https://a.example/x', '.']],
  ['https://a.example/x?!', ['https://a.example/x', '?!']],
  ['https://a.example/w_(otter)', ['https://a.example/w_(otter)']],
  ['“https://a.example/”', ['“', 'https://a.example/', '”']],
])('cuts what belongs to the sentence: %s', (message, pieces) => {
  expect(linkify(message).map((piece) => piece.text)).toEqual(pieces);
});

test.each([
  'javascript:alert(1)',
  'data:text/html,<b>',
  'file:///etc/passwd',
  'ftp://a.example',
  'https://',
  'https://bank.example@evil.example/',
  'https://user:pw@evil.example/',
])('makes no link of %s', (message) => {
  expect(linkify(message)).toEqual([text(message)]);
});

test('keeps every character', () => {
  const message = 'a https://x.example, b\nhttp://y.example. www.z.example! end';
  expect(
    linkify(message)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(message);
});
