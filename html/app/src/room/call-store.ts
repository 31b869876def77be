import type { FileTransfer, PeerInfo, Room, RoomInfo, RoomState } from '@otter/client';
import { Store } from '../lib/store.js';
import { t } from '../strings.js';
import {
  add,
  type Conversation,
  type Entry,
  type FileEntry,
  setOpen,
  SILENCE,
  textEntry,
} from './conversation.js';
import { addNotice, dropNotice, type Notice } from './notices.js';
import { nameOf, peopleOf, type Person } from './people.js';

/** All that the call screen shows of a room, as one value that is replaced at every change. */
export interface CallView {
  readonly state: RoomState;
  readonly self: PeerInfo;
  readonly info: RoomInfo;
  readonly people: readonly Person[];
  readonly conversation: Conversation;
  readonly notices: readonly Notice[];
  /** The latest thing to read out to someone who can't see the screen. */
  readonly announcement: Notice | null;
}

const NOTICE_MS = 5000;

/** Turns the events of a room into views, and keeps the conversation that the room does not. */
export class CallStore {
  readonly view: Store<CallView>;
  readonly #room: Room;
  readonly #off: (() => void)[] = [];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #notices = 0;

  constructor(room: Room) {
    this.#room = room;
    this.view = new Store<CallView>({
      state: room.state,
      self: room.self,
      info: room.info,
      people: peopleOf(room),
      conversation: SILENCE,
      notices: [],
      announcement: null,
    });
  }

  /** Begins to listen; the function it answers ends that. */
  readonly start = (): (() => void) => {
    const refresh = (): void => {
      this.#refresh();
    };
    this.#off.push(
      this.#room.on('state', refresh),
      this.#room.on('room-updated', refresh),
      this.#room.on('self-updated', refresh),
      this.#room.on('peer-updated', refresh),
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
      this.#room.on('chat', (message) => {
        this.#add(textEntry(message, false), t.chat.announced(message.name, message.text));
      }),
      this.#room.on('file', (transfer) => {
        this.#offered(transfer);
      }),
    );
    this.#refresh();
    return () => {
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
      const deliveries = this.#room
        .sendFile(file)
        .map((transfer) => ({ transfer, name: this.#nameOfPeer(transfer.peer) }));
      const { self } = this.#room;
      this.#watch(deliveries.map(({ transfer }) => transfer));
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
    this.view.set({ ...this.view.get(), state, self, info, people: peopleOf(this.#room) });
  }

  #change(conversation: Conversation): void {
    this.view.set({ ...this.view.get(), conversation });
  }

  #nameOfPeer(id: string): string {
    const peer = this.#room.peers.get(id);
    return peer === undefined ? t.call.someone : nameOf(peer.info);
  }

  #add(entry: Entry, announcement: string): void {
    const { conversation } = this.view.get();
    this.#change(add(conversation, entry));
    if (conversation.open) {
      this.announce(announcement);
    } else {
      this.notify(entry.kind === 'file' ? 'file' : 'message', announcement);
    }
  }

  #offered(transfer: FileTransfer): void {
    const name = this.#nameOfPeer(transfer.peer);
    const entry: FileEntry = {
      kind: 'file',
      id: `${transfer.peer}/${transfer.id}`,
      from: transfer.peer,
      name,
      own: false,
      file: { name: transfer.name, size: transfer.size, type: transfer.type },
      deliveries: [{ transfer, name }],
      at: Date.now(),
    };
    this.#watch([transfer]);
    this.#add(entry, t.files.offered(name, transfer.name));
  }

  /** The cards show how a transfer ended; its promise is not left without an ear. */
  #watch(transfers: readonly FileTransfer[]): void {
    for (const transfer of transfers) {
      transfer.done.catch(() => undefined);
    }
  }
}
