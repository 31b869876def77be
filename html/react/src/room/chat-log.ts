import type { ChatMessage, Room } from '@otter/client';
import { Store } from '../store.js';

/** A line of the chat, of this side or of a peer. */
export interface ChatLine extends ChatMessage {
  readonly own: boolean;
}

/** A conversation of days must not fill the memory. */
const MOST_LINES = 1000;

/** Keeps the conversation, which the room does not. */
export class ChatLog {
  readonly lines = new Store<readonly ChatLine[]>([]);
  readonly #room: Room;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Begins to listen; the function it answers ends that. */
  start(): () => void {
    return this.#room.on('chat', (message) => {
      this.#add({ ...message, own: false });
    });
  }

  readonly send = (text: string): void => {
    this.#add({ ...this.#room.sendChat(text), own: true });
  };

  #add(line: ChatLine): void {
    this.lines.set([...this.lines.get(), line].slice(-MOST_LINES));
  }
}
