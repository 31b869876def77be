import { OtterError } from '../errors.js';
import type { TrackSource } from '../types.js';
import { isCount, isObject, isText, parseObject, type JsonObject } from '../util/guards.js';

import { isSource } from './signals.js';

/** What peers tell each other over the control channel. */
export type ControlMessage =
  | { readonly type: 'chat'; readonly id: string; readonly text: string }
  | { readonly type: 'mute'; readonly id: string; readonly muted: boolean; readonly rev: number }
  /** What the sender of this can use of a source of the other: lines (0: no limit), or nothing. */
  | {
      readonly type: 'want';
      readonly id: TrackSource;
      readonly height: number;
      readonly paused: boolean;
    }
  /** The picture of a publication is not sent for now, or is sent again. */
  | { readonly type: 'held'; readonly id: string; readonly held: boolean }
  /** The source of a publication stands still by itself, or has moved on. */
  | { readonly type: 'still'; readonly id: string; readonly still: boolean }
  | {
      readonly type: 'file-offer';
      readonly id: string;
      readonly name: string;
      readonly size: number;
      readonly mime: string;
    }
  /** From the receiver: it takes the file; or it does not (any more). */
  | { readonly type: 'file-accept' | 'file-reject'; readonly id: string }
  /** From the receiver, after the channel was lost: what comes from this byte on is wanted. */
  | { readonly type: 'file-resume'; readonly id: string; readonly offset: number }
  /** From the receiver: all of it is there, and intact or not. */
  | { readonly type: 'file-done'; readonly id: string; readonly ok: boolean }
  /** From either side: hold it up, or go on. */
  | { readonly type: 'file-pause'; readonly id: string; readonly paused: boolean }
  /** From the sender. */
  | { readonly type: 'file-cancel'; readonly id: string };

/** Longest text of a chat message, in UTF-16 units. */
const MAX_CHAT = 16_384;

const MAX_FRAME = 128 * 1024;
const MAX_NAME = 4096;
const MAX_UNANSWERED = 512;

/**
 * The JSON channel to one peer. Messages are numbered and acknowledged, so that what was on its way
 * when a connection broke is sent on the next one, and nothing arrives twice.
 */
export class Control {
  readonly #onMessage: (message: ControlMessage) => void;
  #channel: RTCDataChannel | null = null;
  #unanswered: { readonly n: number; readonly text: string }[] = [];
  #sent = 0;
  #received = 0;

  constructor(onMessage: (message: ControlMessage) => void) {
    this.#onMessage = onMessage;
  }

  /** Uses this channel from now on. */
  attach(channel: RTCDataChannel): void {
    this.detach();
    this.#channel = channel;
    channel.onopen = () => {
      for (const { text } of this.#unanswered) {
        this.#push(text);
      }
    };
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string' && data.length <= MAX_FRAME) {
        this.#receive(data);
      }
    };
  }

  detach(): void {
    if (this.#channel) {
      this.#channel.onopen = null;
      this.#channel.onmessage = null;
      this.#channel = null;
    }
  }

  /** Sends now, or when there is an open channel. */
  send(message: ControlMessage): void {
    const n = ++this.#sent;
    const text = JSON.stringify({ n, ...message });
    this.#unanswered.push({ n, text });
    if (this.#unanswered.length > MAX_UNANSWERED) {
      this.#unanswered.shift();
    }
    this.#push(text);
  }

  #push(text: string): void {
    if (this.#channel?.readyState === 'open') {
      try {
        this.#channel.send(text);
      } catch {
        // Closing, or its buffer is full: it goes with the next channel.
      }
    }
  }

  #receive(text: string): void {
    const raw = parseObject(text);
    const n = raw?.n;
    if (!raw || !isCount(n)) {
      return;
    }
    if (raw.type === 'ack') {
      this.#unanswered = this.#unanswered.filter((entry) => entry.n > n);
      return;
    }
    const fresh = n > this.#received;
    this.#received = Math.max(n, this.#received);
    this.#push(JSON.stringify({ type: 'ack', n: this.#received }));
    const message = fresh ? parseControl(raw) : undefined;
    if (message) {
      this.#onMessage(message);
    }
  }
}

/** Throws for a text that no peer would take. */
export function checkChat(text: string): void {
  if (!isText(text, MAX_CHAT)) {
    throw new OtterError('invalid-argument', `A message has 1 to ${MAX_CHAT} characters.`);
  }
}

/** Reads a message of another peer; undefined for what this version does not know. */
export function parseControl(raw: unknown): ControlMessage | undefined {
  if (!isObject(raw) || !isText(raw.id, 64)) {
    return undefined;
  }
  const { type, id } = raw;
  switch (type) {
    case 'chat': {
      const { text } = raw;
      return isText(text, MAX_CHAT) ? { type, id, text } : undefined;
    }
    case 'mute': {
      const { muted, rev } = raw;
      return typeof muted === 'boolean' && isCount(rev) ? { type, id, muted, rev } : undefined;
    }
    case 'want': {
      const { height, paused } = raw;
      return isSource(id) && isCount(height) && typeof paused === 'boolean'
        ? { type, id, height, paused }
        : undefined;
    }
    case 'held': {
      const { held } = raw;
      return typeof held === 'boolean' ? { type, id, held } : undefined;
    }
    case 'still': {
      const { still } = raw;
      return typeof still === 'boolean' ? { type, id, still } : undefined;
    }
    case 'file-offer':
      return parseOffer(id, raw);
    case 'file-resume': {
      const { offset } = raw;
      return isCount(offset) ? { type, id, offset } : undefined;
    }
    case 'file-done': {
      const { ok } = raw;
      return typeof ok === 'boolean' ? { type, id, ok } : undefined;
    }
    case 'file-pause': {
      const { paused } = raw;
      return typeof paused === 'boolean' ? { type, id, paused } : undefined;
    }
    case 'file-accept':
    case 'file-reject':
    case 'file-cancel':
      return { type, id };
    default:
      return undefined;
  }
}

function parseOffer(id: string, raw: JsonObject): ControlMessage | undefined {
  const { name, size, mime } = raw;
  if (typeof name !== 'string' || name.length > MAX_NAME || !isCount(size)) {
    return undefined;
  }
  return { type: 'file-offer', id, name, size, mime: isText(mime, 255) ? mime : '' };
}
