import { FakeTrack, type FakeStream } from './media.js';
import { intersection, reversed, type Direction } from './sdp.js';

export class FakeSender {
  streams: readonly FakeStream[] = [];
  used = false;
  /** How often parameters were set. */
  tuned = 0;
  encodings: readonly RTCRtpEncodingParameters[] = [{ active: true }];

  constructor(public track: FakeTrack | null) {}

  getParameters(): { encodings: RTCRtpEncodingParameters[] } {
    return { encodings: this.encodings.map((encoding) => ({ ...encoding })) };
  }

  async setParameters({ encodings }: { encodings: RTCRtpEncodingParameters[] }): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    this.tuned++;
    this.encodings = encodings;
  }

  setStreams(...streams: FakeStream[]): void {
    this.streams = streams;
  }

  async replaceTrack(track: FakeTrack | null): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    this.track = track;
  }
}

export class FakeTransceiver {
  mid: string | null = null;
  currentDirection: Direction | null = null;
  /** The direction of the last offer, from either side, as seen from here. */
  offered: Direction | null = null;
  /** Whether that offer was the peer's. */
  offeredByPeer = false;
  readonly sender: FakeSender;
  readonly receiver: { readonly track: FakeTrack };
  #direction: Direction;

  constructor(
    readonly kind: 'audio' | 'video',
    track: FakeTrack | null,
    direction: Direction,
    /** Made by addTrack, so that a section of the peer may be matched with it. */
    readonly matchable: boolean,
    readonly onChange: () => void,
  ) {
    this.sender = new FakeSender(track);
    this.receiver = { track: new FakeTrack(kind) };
    this.#direction = direction;
  }

  get direction(): Direction {
    return this.#direction;
  }

  set direction(direction: Direction) {
    this.#direction = direction;
    this.onChange();
  }

  /** What the answer to the last offer of the peer says. */
  answer(): Direction {
    return this.offered ? intersection(this.#direction, this.offered) : this.#direction;
  }

  /** Whether the descriptions in force do not say what is wanted (W3C, "check if negotiation is needed"). */
  differs(): boolean {
    if (this.mid === null || this.currentDirection === null) {
      return true;
    }
    return this.offeredByPeer
      ? this.currentDirection !== this.answer()
      : this.offered !== this.#direction && this.currentDirection !== this.#direction;
  }

  /** A negotiation has ended with this direction. */
  settle(direction: Direction): void {
    this.currentDirection = direction;
    this.sender.used ||= direction.startsWith('send');
  }

  remoteOffered(direction: Direction): void {
    this.offered = reversed(direction);
    this.offeredByPeer = true;
  }

  localOffered(): void {
    this.offered = this.#direction;
    this.offeredByPeer = false;
  }
}
