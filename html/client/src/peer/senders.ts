import type { LocalPublication } from '../publication.js';
import { kindOf, type TrackNote } from './signals.js';

interface Slot {
  readonly transceiver: RTCRtpTransceiver;
  track: MediaStreamTrack;
}

/**
 * The tracks that are sent on one connection. Transceivers that have fallen idle are used again:
 * a browser never takes a media section out of its descriptions, so that otherwise each round of
 * adding and removing would make them longer.
 */
export class Senders {
  readonly #pc: RTCPeerConnection;
  readonly #slots = new Map<LocalPublication, Slot>();

  constructor(pc: RTCPeerConnection) {
    this.#pc = pc;
  }

  /** Brings the connection in line with what is published; runs between negotiations. */
  async sync(published: ReadonlySet<LocalPublication>): Promise<void> {
    // What changes during the steps below is for the next call: a track may not be added under
    // one publication before it is removed under another.
    const publications = new Set(published);
    for (const [publication, slot] of [...this.#slots]) {
      if (!publications.has(publication)) {
        this.#slots.delete(publication);
        this.#pc.removeTrack(slot.transceiver.sender);
      }
    }
    for (const publication of publications) {
      const slot = this.#slots.get(publication);
      if (!slot) {
        await this.#add(publication);
      } else if (slot.track !== publication.track) {
        slot.track = publication.track;
        await slot.transceiver.sender.replaceTrack(slot.track);
      }
    }
  }

  /**
   * Makes sure that the first offer has a section of each kind. Chromium ties the numbers of RTP
   * header extensions to sections for good, even in an offer that is rolled back: where two sides
   * add their first audio and video in a different order at the same time, one of them could never
   * take an offer of the other again. With both kinds agreed upon beforehand there is nothing to
   * differ in.
   */
  reserve(): void {
    for (const kind of ['audio', 'video'] as const) {
      if (!this.#pc.getTransceivers().some(({ receiver }) => receiver.track.kind === kind)) {
        this.#pc.addTransceiver(kind, { direction: 'recvonly' });
      }
    }
  }

  /** What the peer must know to tell the tracks of the present description apart. */
  notes(): readonly TrackNote[] {
    const notes: TrackNote[] = [];
    for (const [{ id, source, muted, rev }, { transceiver }] of this.#slots) {
      if (transceiver.mid !== null) {
        notes.push({ mid: transceiver.mid, id, source, muted, rev });
      }
    }
    return notes;
  }

  async #add(publication: LocalPublication): Promise<void> {
    const { source, stream, track } = publication;
    const idle = this.#pc.getTransceivers().find((transceiver) => isIdle(transceiver, source));
    if (idle) {
      this.#slots.set(publication, { transceiver: idle, track });
      idle.direction = idle.direction === 'recvonly' ? 'sendrecv' : 'sendonly';
      idle.sender.setStreams(stream);
      await idle.sender.replaceTrack(track);
      return;
    }
    // addTrack rather than addTransceiver: its transceiver can be matched with one that the peer
    // offers at the same time.
    const sender = this.#pc.addTrack(track, stream);
    const transceiver = this.#pc.getTransceivers().find((entry) => entry.sender === sender);
    if (transceiver) {
      this.#slots.set(publication, { transceiver, track });
    }
  }
}

/**
 * Whether nothing is sent on it, and the peer knows that: where a track takes the place of another
 * before that, no negotiation would follow that tells the peer which one it is.
 */
function isIdle(transceiver: RTCRtpTransceiver, source: TrackNote['source']): boolean {
  const { currentDirection, direction, receiver, sender } = transceiver;
  return (
    sender.track === null &&
    (direction === 'recvonly' || direction === 'inactive') &&
    (currentDirection === 'recvonly' || currentDirection === 'inactive') &&
    receiver.track.kind === kindOf(source)
  );
}
