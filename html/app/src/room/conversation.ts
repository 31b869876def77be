import type { ChatMessage, FileTransfer } from '@otter/client';
import type { Receipt } from '../files/receipt.js';

export interface TextEntry {
  readonly kind: 'text';
  readonly id: string;
  /** Peer id of the sender. */
  readonly from: string;
  readonly name: string;
  readonly own: boolean;
  readonly text: string;
  readonly at: number;
}

/** One copy of a file on its way, and the name of the person at the other end. */
export interface Delivery {
  readonly transfer: FileTransfer;
  readonly name: string;
  /** For an incoming file: the taking of it. */
  readonly receipt: Receipt | null;
}

export interface FileEntry {
  readonly kind: 'file';
  readonly id: string;
  readonly from: string;
  /** The sender's name. */
  readonly name: string;
  readonly own: boolean;
  readonly file: { readonly name: string; readonly size: number; readonly type: string };
  /** One for an incoming file; one for each receiver of an outgoing one. */
  readonly deliveries: readonly Delivery[];
  readonly at: number;
}

export type Entry = TextEntry | FileEntry;

/** What was said and sent in the call, oldest first. Nothing of it outlives the page. */
export interface Conversation {
  readonly entries: readonly Entry[];
  readonly unread: number;
  /** Whether the reader has the conversation in front of them. */
  readonly open: boolean;
}

export const SILENCE: Conversation = { entries: [], unread: 0, open: false };

/** Older entries make room: a page left open for days must not grow without end. */
const MOST_ENTRIES = 1000;

export function add(conversation: Conversation, entry: Entry): Conversation {
  const unread = conversation.open || entry.own ? 0 : 1;
  return {
    ...conversation,
    entries: [...conversation.entries, entry].slice(-MOST_ENTRIES),
    unread: conversation.unread + unread,
  };
}

export function setOpen(conversation: Conversation, open: boolean): Conversation {
  return { ...conversation, open, unread: open ? 0 : conversation.unread };
}

export function textEntry(message: ChatMessage, own: boolean): TextEntry {
  const { id, from, name, text, at } = message;
  return { kind: 'text', id, from, name, own, text, at };
}

/**
 * Who has read how far, as marks under this side's own messages: each person's mark stands under the
 * last own message that they have read. Reading anything later counts for what stands before it.
 */
export function readMarks(
  entries: readonly Entry[],
  readUpTo: ReadonlyMap<string, string>,
  nameOfKey: (key: string) => string | null,
): ReadonlyMap<string, readonly string[]> {
  const marks = new Map<string, string[]>();
  for (const [key, id] of readUpTo) {
    const name = nameOfKey(key);
    const until = entries.findIndex((entry) => entry.id === id);
    const own = entries
      .slice(0, until + 1)
      .reverse()
      .find((entry) => entry.own && entry.kind === 'text');
    if (name !== null && own !== undefined) {
      marks.set(own.id, [...(marks.get(own.id) ?? []), name]);
    }
  }
  return marks;
}

/** Messages of one person within this time are shown under one heading. */
const GROUP_MS = 3 * 60_000;

/** Whether an entry goes on under the heading of the one before it. */
export function continues(before: Entry | undefined, entry: Entry): boolean {
  return before !== undefined && before.from === entry.from && entry.at - before.at < GROUP_MS;
}
