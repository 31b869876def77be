import type { ChatMessage } from '@otter/client';
import { describe, expect, test } from 'vitest';
import { add, continues, type Conversation, setOpen, SILENCE, textEntry } from './conversation.js';
import { addNotice, dropNotice, type Notice } from './notices.js';

function message(id: string, from: string, at = 0): ChatMessage {
  return { id, from, name: from.toUpperCase(), text: `text ${id}`, at };
}

function said(conversation: Conversation, id: string, own = false): Conversation {
  return add(conversation, textEntry(message(id, own ? 'me' : 'ada'), own));
}

describe('the conversation', () => {
  test('counts what has not been read', () => {
    const two = said(said(SILENCE, '1'), '2');
    expect(two.unread).toBe(2);
    expect(two.entries.map(({ id }) => id)).toEqual(['1', '2']);
    const read = setOpen(two, true);
    expect(read.unread).toBe(0);
    expect(said(read, '3').unread).toBe(0);
    expect(said(setOpen(read, false), '3').unread).toBe(1);
  });

  test('does not count what one said oneself', () => {
    expect(said(SILENCE, '1', true).unread).toBe(0);
  });

  test('closing it does not make messages unread', () => {
    expect(setOpen(setOpen(said(SILENCE, '1'), true), false).unread).toBe(0);
  });

  test('lets the oldest go rather than grow without end', () => {
    let conversation = SILENCE;
    for (let index = 0; index < 1200; index += 1) {
      conversation = said(conversation, String(index));
    }
    expect(conversation.entries).toHaveLength(1000);
    expect(conversation.entries[0]?.id).toBe('200');
  });

  test('groups what one person says within a while', () => {
    const entry = (from: string, at: number) => textEntry(message('x', from, at), false);
    expect(continues(undefined, entry('ada', 0))).toBe(false);
    expect(continues(entry('ada', 0), entry('ada', 60_000))).toBe(true);
    expect(continues(entry('ada', 0), entry('bo', 1))).toBe(false);
    expect(continues(entry('ada', 0), entry('ada', 200_000))).toBe(false);
  });
});

test('notices: the latest few', () => {
  const notice = (id: number): Notice => ({ id, kind: 'person', text: String(id) });
  const many = [1, 2, 3, 4].map(notice).reduce<readonly Notice[]>(addNotice, []);
  expect(many.map(({ id }) => id)).toEqual([2, 3, 4]);
  expect(dropNotice(many, 3).map(({ id }) => id)).toEqual([2, 4]);
});
