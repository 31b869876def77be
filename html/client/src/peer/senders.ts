import type { Encoding } from '../plan/plan.js';
import type { LocalPublication } from '../publication.js';
import { kindOf, type TrackNote } from './signals.js';

interface Slot {
  readonly transceiver: RTCRtpTransceiver;
  track: MediaStreamTrack;
  tuning: boolean;
}

/**
 * The tracks that are sent on one connection. Transceivers that have fallen idle are used again:
 * a browser never takes a media section out of its descriptions, so that otherwise each round of
 * adding and removing would make them longer.
 */
export class Senders {
  readonly #pc: RTCPeerConnection;
  readonly #slots = new Map<LocalPublication, Slot>();
  /** How publications are sent, by their ids. */
  #encodings: ReadonlyMap<string, Encoding> = new Map();

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
    this.apply(this.#encodings);
  }

  /** Sends like this from now on, what is sent now and what comes later. */
  apply(encodings: ReadonlyMap<string, Encoding>): void {
    this.#encodings = encodings;
    for (const [{ id }, slot] of this.#slots) {
      if (!slot.tuning) {
        void this.#tune(id, slot);
      }
    }
  }

  /** Sets the parameters of one sender until they are as they should be. */
  async #tune(id: string, slot: Slot): Promise<void> {
    slot.tuning = true;
    try {
      const { sender } = slot.transceiver;
      for (;;) {
        const encoding = this.#encodings.get(id);
        const parameters = sender.getParameters();
        if (!encoding || !change(parameters, encoding)) {
          return;
        }
        await sender.setParameters(parameters);
      }
    } catch {
      // A negotiation has come between, or the browser knows one of them not: the next plan tries
      // again, and media flows meanwhile.
    } finally {
      slot.tuning = false;
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
      this.#slots.set(publication, { transceiver: idle, track, tuning: false });
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
      this.#slots.set(publication, { transceiver, track, tuning: false });
    }
  }
}

/** Writes what differs into the parameters; false when nothing does. */
function change({ encodings }: RTCRtpSendParameters, wanted: Encoding): boolean {
  const [encoding] = encodings;
  if (!encoding) {
    return false;
  }
  const { active, maxBitrate, maxFramerate, priority, scaleResolutionDownBy } = wanted;
  const next: RTCRtpEncodingParameters = {
    active,
    maxBitrate,
    priority,
    ...(maxFramerate === null ? {} : { maxFramerate }),
    ...(scaleResolutionDownBy === null ? {} : { scaleResolutionDownBy }),
  };
  const before = { ...encoding };
  Object.assign(encoding, next);
  return (Object.keys(next) as (keyof typeof next)[]).some((key) => before[key] !== next[key]);
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
