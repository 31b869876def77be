import type { FileTransfer, Peer, PeerInfo, Room, RoomInfo, RoomState } from '@otter/client';
import { nameOf, peopleOf, type Person, SELF, Store } from '@otter/react';
import { tidy } from '../files/private-folder.js';
import { Receipt } from '../files/receipt.js';
import { watchDelivery } from '../files/watch.js';
import { t } from '../strings.js';
import {
  add,
  type Conversation,
  type Delivery,
  type Entry,
  type FileEntry,
  setOpen,
  SILENCE,
  textEntry,
} from './conversation.js';
import { type Flag, hasFlag, parseShout, type Reaction, type Shout, withFlag } from './shouts.js';
import { addNotice, dropNotice, type Notice } from './notices.js';

/** A person, with what this page adds. */
export interface Member extends Person {
  readonly handUp: boolean;
  /** Records the call, as far as this person's page says. */
  readonly recording: boolean;
}

function membersOf(room: Room): readonly Member[] {
  return peopleOf(room).map((person) => ({
    ...person,
    handUp: hasFlag(person.peer.info.metadata, 'hand'),
    recording: hasFlag(person.peer.info.metadata, 'recording'),
  }));
}

/** All that the call screen shows of a room, as one value that is replaced at every change. */
export interface CallView {
  readonly state: RoomState;
  readonly self: PeerInfo;
  readonly info: RoomInfo;
  readonly people: readonly Member[];
  /** Those who ask a moderator to be let in. */
  readonly waiting: readonly PeerInfo[];
  readonly conversation: Conversation;
  readonly notices: readonly Notice[];
  /** The hand of this side is up. */
  readonly handUp: boolean;
  /** What people have just reacted with, by the key of the person; SELF for this side. */
  readonly reactions: ReadonlyMap<string, Reacted>;
  /** A moderator has asked this side to mute: their name. */
  readonly muteAsked: string | null;
  /** The message up to which each of the others has read, by the key of the person. */
  readonly readUpTo: ReadonlyMap<string, string>;
  /** The latest thing to read out to someone who can't see the screen. */
  readonly announcement: Notice | null;
}

/** A reaction; its number tells it from the one before. */
export interface Reacted {
  readonly id: number;
  readonly reaction: Reaction;
}

const NOTICE_MS = 5000;
const REACTION_MS = 4000;

/** Turns the events of a room into views, and keeps the conversation that the room does not. */
export class CallStore {
  readonly view: Store<CallView>;
  readonly #room: Room;
  readonly #off: (() => void)[] = [];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #notices = 0;
  /** How this side describes itself; what it has set holds before the server has said so. */
  #metadata: unknown;
  readonly #receipts: Receipt[] = [];
  /** The last message that the others know to be read here. */
  #read: string | null = null;

  constructor(room: Room) {
    this.#room = room;
    this.#metadata = room.self.metadata;
    this.view = new Store<CallView>({
      state: room.state,
      self: room.self,
      info: room.info,
      people: membersOf(room),
      waiting: [...room.waiting.values()],
      conversation: SILENCE,
      notices: [],
      handUp: hasFlag(room.self.metadata, 'hand'),
      reactions: new Map(),
      muteAsked: null,
      readUpTo: new Map(),
      announcement: null,
    });
  }

  /** Begins to listen; the function it answers ends that. */
  readonly start = (): (() => void) => {
    const refresh = (): void => {
      this.#refresh();
    };
    this.#off.push(
      this.#room.on('state', (state) => {
        const back = state === 'connected' && this.view.get().state === 'reconnecting';
        this.#refresh();
        if (back) {
          this.announce(t.call.reconnected);
        }
      }),
      this.#room.on('room-updated', refresh),
      this.#room.on('self-updated', refresh),
      this.#room.on('peer-updated', (peer) => {
        const key = peer.info.identity;
        const before = this.view.get().people.find((person) => person.key === key);
        this.#refresh();
        if (before !== undefined) {
          this.#tellFlags(before, peer.info);
        }
      }),
      this.#room.on('message', ({ from, data }) => {
        const peer = from === null ? undefined : this.#room.peers.get(from);
        const shout = parseShout(data);
        if (peer !== undefined && shout !== null) {
          this.#heard(peer, shout);
        }
      }),
      this.#room.on('peer-connection', (peer) => {
        this.#refresh();
        if (peer.connection === 'failed') {
          this.announce(t.call.lost(nameOf(peer.info)));
        }
      }),
      this.#room.on('track-added', refresh),
      this.#room.on('track-removed', refresh),
      this.#room.on('track-muted', refresh),
      this.#room.on('peer-joined', (peer) => {
        this.#refresh();
        this.notify('person', t.call.joined(nameOf(peer.info)));
      }),
      this.#room.on('peer-left', ({ peer }) => {
        this.#refresh();
        this.notify('person', t.call.left(nameOf(peer.info)));
      }),
      this.#room.on('knock', (peer) => {
        this.notify('person', t.people.knocked(nameOf(peer)));
      }),
      this.#room.on('waiting', refresh),
      this.#room.on('chat', (message) => {
        this.#add(textEntry(message, false), t.chat.announced(message.name, message.text));
      }),
      this.#room.on('file', (transfer) => {
        this.#offered(transfer);
      }),
    );
    document.addEventListener('visibilitychange', this.#tellRead);
    this.#refresh();
    void tidy();
    return () => {
      for (const receipt of this.#receipts.splice(0)) {
        receipt.discard();
      }
      document.removeEventListener('visibilitychange', this.#tellRead);
      for (const off of this.#off.splice(0)) {
        off();
      }
      for (const timer of this.#timers) {
        clearTimeout(timer);
      }
      this.#timers.clear();
    };
  };

  readonly sendText = (text: string): void => {
    const message = this.#room.sendChat(text);
    this.#change(add(this.view.get().conversation, textEntry(message, true)));
  };

  /** Offers files to everyone who is here. */
  readonly sendFiles = (files: readonly File[]): void => {
    if (this.#room.peers.size === 0) {
      this.notify('trouble', t.files.nobody);
      return;
    }
    for (const file of files) {
      const deliveries = this.#room.sendFile(file).map((transfer) => ({
        transfer,
        name: this.#nameOfPeer(transfer.peer),
        receipt: null,
      }));
      const { self } = this.#room;
      this.#watch(deliveries);
      this.#change(
        add(this.view.get().conversation, {
          kind: 'file',
          id: crypto.getRandomValues(new Uint32Array(2)).join('-'),
          from: self.id,
          name: nameOf(self),
          own: true,
          file: { name: file.name, size: file.size, type: file.type },
          deliveries,
          at: Date.now(),
        }),
      );
    }
  };

  readonly setConversationOpen = (open: boolean): void => {
    this.#change(setOpen(this.view.get().conversation, open));
    this.#tellRead();
  };

  readonly react = (reaction: Reaction): void => {
    this.#shout({ otter: 'reaction', reaction });
    this.#reacted(SELF, nameOf(this.#room.self), reaction);
  };

  readonly raiseHand = (up: boolean): void => {
    this.#flag('hand', up);
    this.view.set({ ...this.view.get(), handUp: up });
    this.announce(up ? t.call.handRaised : t.call.handLowered);
  };

  /** Tells the others that this side records, or does so no more. */
  readonly setRecording = (on: boolean): void => {
    if (this.#room.state !== 'closed') {
      this.#flag('recording', on);
    }
  };

  /** For moderators. Nobody is muted by others: they are asked. */
  readonly askToMute = (person: Pick<Person, 'id' | 'name'>): void => {
    this.#shout({ otter: 'ask-mute', to: person.id });
    this.notify('person', t.people.askedMute(person.name));
  };

  readonly answerMute = (): void => {
    this.view.set({ ...this.view.get(), muteAsked: null });
  };

  readonly notify = (kind: Notice['kind'], text: string): void => {
    const notice: Notice = { id: (this.#notices += 1), kind, text };
    const view = this.view.get();
    this.view.set({
      ...view,
      notices: addNotice(view.notices, notice),
      announcement: notice,
    });
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.dismiss(notice.id);
    }, NOTICE_MS);
    this.#timers.add(timer);
  };

  /** Has something read out that the eyes can see already. */
  readonly announce = (text: string): void => {
    const announcement: Notice = { id: (this.#notices += 1), kind: 'message', text };
    this.view.set({ ...this.view.get(), announcement });
  };

  readonly dismiss = (id: number): void => {
    const view = this.view.get();
    this.view.set({ ...view, notices: dropNotice(view.notices, id) });
  };

  #refresh(): void {
    const { state, self, info } = this.#room;
    this.view.set({
      ...this.view.get(),
      state,
      self,
      info,
      people: membersOf(this.#room),
      handUp: hasFlag(this.#metadata, 'hand'),
      waiting: [...this.#room.waiting.values()],
    });
  }

  #change(conversation: Conversation): void {
    this.view.set({ ...this.view.get(), conversation });
  }

  #flag(flag: Flag, on: boolean): void {
    this.#metadata = withFlag(this.#metadata, flag, on);
    this.#room.update({ metadata: this.#metadata });
  }

  #tellFlags(before: Member, info: PeerInfo): void {
    const name = nameOf(info);
    const handUp = hasFlag(info.metadata, 'hand');
    const recording = hasFlag(info.metadata, 'recording');
    if (before.handUp !== handUp) {
      this.notify('hand', handUp ? t.call.raised(name) : t.call.lowered(name));
    }
    if (before.recording !== recording) {
      this.notify('trouble', recording ? t.call.recordsNow(name) : t.call.recordsNoMore(name));
    }
  }

  #shout(shout: Shout): void {
    try {
      this.#room.sendMessage(shout);
    } catch {
      // The call is over.
    }
  }

  #heard(peer: Peer, shout: Shout): void {
    const name = nameOf(peer.info);
    switch (shout.otter) {
      case 'reaction':
        this.#reacted(peer.info.identity, name, shout.reaction);
        break;
      case 'ask-mute':
        // The server says who it is from, and who that is.
        if (shout.to === this.#room.self.id && peer.info.role === 'moderator') {
          this.view.set({ ...this.view.get(), muteAsked: name });
        }
        break;
      case 'read': {
        const view = this.view.get();
        const readUpTo = new Map(view.readUpTo).set(peer.info.identity, shout.id);
        this.view.set({ ...view, readUpTo });
        break;
      }
    }
  }

  #reacted(key: string, name: string, reaction: Reaction): void {
    const id = (this.#notices += 1);
    const set = (change: (reactions: Map<string, Reacted>) => void): void => {
      const view = this.view.get();
      const reactions = new Map(view.reactions);
      change(reactions);
      this.view.set({ ...view, reactions });
    };
    set((reactions) => reactions.set(key, { id, reaction }));
    this.announce(t.chat.announced(name, t.reactions[reaction]));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      set((reactions) => {
        if (reactions.get(key)?.id === id) {
          reactions.delete(key);
        }
      });
    }, REACTION_MS);
    this.#timers.add(timer);
  }

  /** Tells the others how far this side has read, once for each message. */
  readonly #tellRead = (): void => {
    const { conversation } = this.view.get();
    const last = [...conversation.entries]
      .reverse()
      .find(({ own, kind }) => !own && kind === 'text');
    if (
      last !== undefined &&
      last.id !== this.#read &&
      conversation.open &&
      document.visibilityState === 'visible'
    ) {
      this.#read = last.id;
      this.#shout({ otter: 'read', id: last.id });
    }
  };

  #nameOfPeer(id: string): string {
    const peer = this.#room.peers.get(id);
    return peer === undefined ? t.call.someone : nameOf(peer.info);
  }

  #add(entry: Entry, announcement: string): void {
    const { conversation } = this.view.get();
    this.#change(add(conversation, entry));
    this.#tellRead();
    if (conversation.open) {
      this.announce(announcement);
    } else {
      this.notify(entry.kind === 'file' ? 'file' : 'message', announcement);
    }
  }

  #offered(transfer: FileTransfer): void {
    const name = this.#nameOfPeer(transfer.peer);
    const receipt = new Receipt(transfer);
    const entry: FileEntry = {
      kind: 'file',
      id: `${transfer.peer}/${transfer.id}`,
      from: transfer.peer,
      name,
      own: false,
      file: { name: transfer.name, size: transfer.size, type: transfer.type },
      deliveries: [{ transfer, name, receipt }],
      at: Date.now(),
    };
    this.#receipts.push(receipt);
    this.#watch(entry.deliveries);
    this.#add(entry, t.files.offered(name, transfer.name));
  }

  /** Has read out what the cards show of a transfer. */
  #watch(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      this.#off.push(watchDelivery(delivery, this.announce));
    }
  }
}
