import type { FileTransfer, Room } from '@otter/client';
import { Store } from '../store.js';

/** Keeps the files that were offered, in both directions. */
export class FileLog {
  readonly transfers = new Store<readonly FileTransfer[]>([]);
  readonly #room: Room;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Begins to listen; the function it answers ends that. */
  start(): () => void {
    return this.#room.on('file', (transfer) => {
      this.#add([transfer]);
    });
  }

  /** Offers a file to every peer, or to those named by their ids. */
  readonly send = (file: File, to?: readonly string[]): readonly FileTransfer[] => {
    const transfers = this.#room.sendFile(file, to);
    this.#add(transfers);
    return transfers;
  };

  #add(transfers: readonly FileTransfer[]): void {
    for (const transfer of transfers) {
      // How it ended is told by its state; the promise is not left without an ear.
      transfer.done.catch(() => undefined);
    }
    this.transfers.set([...this.transfers.get(), ...transfers]);
  }
}
