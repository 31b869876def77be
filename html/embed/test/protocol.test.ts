import { describe, expect, test } from 'vitest';
import {
  type PageMessage,
  posted,
  PROTOCOL,
  readElementMessage,
  readFragment,
  readPageMessage,
  writeFragment,
} from '../src/protocol.js';

const ann = { id: 'a', identity: 'ann', name: 'Ann' };

describe('messages', () => {
  const messages: readonly PageMessage[] = [
    { type: 'ready' },
    { type: 'joined', room: 'r', self: ann },
    { type: 'left', reason: 'kicked' },
    { type: 'error', code: 'full' },
    { type: 'peer-joined', peer: ann },
    { type: 'peer-left', peer: ann, reason: 'left' },
    { type: 'state', state: 'reconnecting' },
    { type: 'media', microphone: true, camera: false },
  ];

  test.each(messages)('$type arrives as it was sent', (message) => {
    expect(readPageMessage(posted(message))).toEqual(message);
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['text', 'ready'],
    ['no protocol', { type: 'ready' }],
    ['another protocol', { otter: 'call.v2', type: 'ready' }],
    ['an unknown type', { otter: PROTOCOL, type: 'explode' }],
    ['a peer without a name', { otter: PROTOCOL, type: 'peer-joined', peer: { id: 'a' } }],
    ['a reason that is no text', { otter: PROTOCOL, type: 'left', reason: 7 }],
    ['an odd state', { otter: PROTOCOL, type: 'state', state: 'on fire' }],
    ['half a media', { otter: PROTOCOL, type: 'media', microphone: true }],
  ])('%s is not taken for one of a page', (_, data) => {
    expect(readPageMessage(data)).toBeNull();
  });

  test.each<[string, unknown]>([
    ['a page’s own', { otter: PROTOCOL, type: 'ready' }],
    ['a microphone neither on nor off', { otter: PROTOCOL, type: 'microphone', on: 'yes' }],
    ['an unknown theme', { otter: PROTOCOL, type: 'theme', theme: 'pink' }],
    ['colours that are none', { otter: PROTOCOL, type: 'colours', colours: null }],
  ])('%s is not taken for one of an element', (_, data) => {
    expect(readElementMessage(data)).toBeNull();
  });

  test('only colours that the page has are passed on', () => {
    const colours = { brand: 'red', 'evil-thing': 'x', text: 7 };
    expect(readElementMessage({ otter: PROTOCOL, type: 'colours', colours })).toEqual({
      type: 'colours',
      colours: { brand: 'red' },
    });
  });
});

describe('the fragment', () => {
  test('says what it was told', () => {
    const wishes = {
      origin: 'https://site.example',
      token: 'e.y.J',
      name: 'Ann & Bo',
      theme: 'dark',
      language: 'pt-BR',
    } as const;
    expect(readFragment(`#${writeFragment(wishes)}`)).toEqual(wishes);
  });

  test.each([
    '',
    '#token=x',
    '#embed=',
    '#embed=*',
    '#embed=null',
    '#embed=javascript:alert(1)',
    '#embed=https://site.example/path',
    '#embed=ftp://site.example',
  ])('%s names no origin', (hash) => {
    expect(readFragment(hash)).toBeNull();
  });
});
