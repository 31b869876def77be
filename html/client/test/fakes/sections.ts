import type { FakeTrack } from './media.js';
import { reversed, withSend, type Direction, type Sdp, type Section } from './sdp.js';
import { FakeTransceiver } from './transceiver.js';

/** The media sections of a connection, and which transceivers they belong to. */
export class Sections {
  readonly transceivers: FakeTransceiver[] = [];
  /** Counts the ICE sessions of this side. */
  generation = 0;
  restart = false;
  readonly #onChange: () => void;
  /** In their order; null is the one for data. */
  readonly #sections: (FakeTransceiver | null)[] = [];
  /** What a rollback takes back. */
  #fresh: { transceivers: FakeTransceiver[]; sections: number; restarted: boolean } | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  addTrack(track: FakeTrack): FakeTransceiver {
    if (this.transceivers.some(({ sender }) => sender.track === track)) {
      throw new DOMException('sender exists', 'InvalidAccessError');
    }
    const idle = this.transceivers.find(
      ({ kind, sender }) => kind === track.kind && !sender.track && !sender.used,
    );
    if (!idle) {
      return this.#add(track.kind, track, 'sendrecv', true);
    }
    idle.sender.track = track;
    idle.direction = withSend(idle.direction, true);
    return idle;
  }

  addTransceiver(kind: 'audio' | 'video', direction: Direction): void {
    this.#add(kind, null, direction, false);
  }

  /** W3C, "check if negotiation is needed". */
  negotiationNeeded(data: boolean): boolean {
    const missing = data && !this.#sections.includes(null);
    return this.restart || missing || this.transceivers.some((entry) => entry.differs());
  }

  offer(data: boolean, again: boolean): readonly Section[] {
    if (!again) {
      const fresh = this.transceivers.filter(({ mid }) => mid === null);
      const before = this.#sections.length;
      if (data && !this.#sections.includes(null)) {
        this.#sections.push(null);
      }
      for (const transceiver of fresh) {
        transceiver.mid = String(this.#sections.length);
        this.#sections.push(transceiver);
      }
      const sections = this.#sections.length - before;
      this.#fresh = { transceivers: fresh, sections, restarted: this.restart };
    }
    if (this.restart) {
      this.restart = false;
      this.generation++;
    }
    for (const transceiver of this.transceivers) {
      transceiver.localOffered();
    }
    return this.#describe((transceiver) => transceiver.direction);
  }

  answer(): readonly Section[] {
    for (const transceiver of this.#sections) {
      transceiver?.settle(transceiver.answer());
    }
    return this.#describe((transceiver) => transceiver.answer());
  }

  /** Puts a remote description in force. */
  match({ sections }: Sdp, offer: boolean): void {
    if (sections.length < this.#sections.length) {
      throw new DOMException('fewer sections than before', 'InvalidAccessError');
    }
    sections.forEach(({ kind, mid, direction }, index) => {
      const known = this.#sections[index];
      if (known === undefined) {
        if (!offer) {
          throw new DOMException('more sections than offered', 'InvalidAccessError');
        }
        this.#sections.push(kind === 'data' ? null : this.#associate(kind, mid));
      } else if ((known?.kind ?? 'data') !== kind || (known && known.mid !== mid)) {
        throw new DOMException('sections differ', 'InvalidAccessError');
      }
      const transceiver = this.#sections[index];
      if (offer) {
        transceiver?.remoteOffered(direction);
      } else {
        transceiver?.settle(reversed(direction));
      }
    });
  }

  commit(): void {
    this.#fresh = null;
  }

  rollback(): void {
    if (!this.#fresh) {
      return;
    }
    for (const transceiver of this.#fresh.transceivers) {
      transceiver.mid = null;
    }
    this.#sections.length -= this.#fresh.sections;
    if (this.#fresh.restarted) {
      this.restart = true;
      this.generation--;
    }
    this.#fresh = null;
  }

  #add(
    kind: 'audio' | 'video',
    track: FakeTrack | null,
    direction: Direction,
    matchable: boolean,
  ): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind, track, direction, matchable, this.#onChange);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  #associate(kind: 'audio' | 'video', mid: string): FakeTransceiver {
    const transceiver =
      this.transceivers.find(
        (entry) => entry.mid === null && entry.matchable && entry.kind === kind,
      ) ?? this.#add(kind, null, 'recvonly', false);
    transceiver.mid = mid;
    return transceiver;
  }

  #describe(direction: (transceiver: FakeTransceiver) => Section['direction']): readonly Section[] {
    return this.#sections.map((entry, index) =>
      entry
        ? { kind: entry.kind, mid: entry.mid ?? '', direction: direction(entry) }
        : { kind: 'data', mid: String(index), direction: 'sendrecv' },
    );
  }
}
