import type { FileTransfer } from '@otter/client';
import { Store } from '@otter/react';
import { type NoPlace, type Place, placeFor, type Wanted } from './place.js';

export interface ReceiptView {
  /** The person picks a place, or one is made. */
  readonly choosing: boolean;
  /** Why the file can't be taken, null otherwise. */
  readonly refused: Exclude<NoPlace, 'closed'> | null;
  readonly place: Place | null;
}

/** The taking of an offered file: it is accepted when there is a place for it. */
export class Receipt {
  readonly view = new Store<ReceiptView>({ choosing: false, refused: null, place: null });
  readonly #transfer: FileTransfer;
  readonly #find: (wanted: Wanted) => Promise<Place | NoPlace>;

  constructor(
    transfer: FileTransfer,
    find: (wanted: Wanted) => Promise<Place | NoPlace> = placeFor,
  ) {
    this.#transfer = transfer;
    this.#find = find;
  }

  readonly accept = async (): Promise<void> => {
    const transfer = this.#transfer;
    if (this.view.get().choosing || transfer.state !== 'offered') {
      return;
    }
    this.view.set({ choosing: true, refused: null, place: null });
    const place = await this.#find(transfer);
    if (typeof place === 'string') {
      const refused = place === 'closed' ? null : place;
      this.view.set({ choosing: false, refused, place: null });
      return;
    }
    this.view.set({ choosing: false, refused: null, place });
    if (this.#withdrawn()) {
      // While the person was choosing.
      place.sink?.abort().catch(() => undefined);
      place.discard();
      return;
    }
    transfer.accept(place.sink);
    transfer.done.catch(place.discard);
  };

  /** The call is over: what was not saved is not kept. */
  readonly discard = (): void => {
    this.view.get().place?.discard();
  };

  #withdrawn(): boolean {
    return this.#transfer.state !== 'offered';
  }
}
