import type { Peer, Room } from '../types.js';
import { Emitter, type Off } from '../util/emitter.js';
import { kindOf } from '../peer/signals.js';

export interface SpeakersEvents {
  /**
   * The browser plays nothing before the user has touched the page, or after a phone call: show a
   * button that calls `resume`.
   */
  readonly blocked: boolean;
}

/**
 * Plays the sound of a room: every track of every peer, each person as loud as this side wants. For
 * pages that do not place audio elements of their own.
 */
export class Speakers {
  readonly #events = new Emitter<SpeakersEvents>();
  readonly #elements = new Map<MediaStreamTrack, { element: HTMLAudioElement; peer: Peer }>();
  /** By identity, so that whoever comes back is as loud as before. */
  readonly #volumes = new Map<string, number>();
  readonly #offs: readonly Off[];
  #deviceId = '';
  #blocked = false;

  constructor(room: Room) {
    for (const peer of room.peers.values()) {
      for (const { track, stream } of peer.tracks.values()) {
        this.#add(peer, track, stream);
      }
    }
    this.#offs = [
      room.on('track-added', ({ peer, track }) => {
        if (kindOf(track.source) === 'audio') {
          this.#add(peer, track.track, track.stream);
        }
      }),
      room.on('track-removed', ({ track }) => {
        this.#remove(track.track);
      }),
      room.on('closed', () => {
        this.close();
      }),
    ];
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  on<E extends keyof SpeakersEvents>(event: E, handler: (arg: SpeakersEvents[E]) => void): Off {
    return this.#events.on(event, handler);
  }

  /** From 0 (silent) to 1; 1 for whoever nothing was set for. */
  volumeOf({ info }: Pick<Peer, 'info'>): number {
    return this.#volumes.get(info.identity) ?? 1;
  }

  setVolume(peer: Pick<Peer, 'info'>, volume: number): void {
    const { identity } = peer.info;
    this.#volumes.set(identity, Math.min(1, Math.max(0, volume)));
    for (const entry of this.#elements.values()) {
      if (entry.peer.info.identity === identity) {
        entry.element.volume = this.volumeOf(peer);
      }
    }
  }

  /** Plays on another device (Audio Output Devices API); rejects where there is none such. */
  async setDevice(deviceId: string): Promise<void> {
    this.#deviceId = deviceId;
    await Promise.all([...this.#elements.values()].map(({ element }) => this.#route(element)));
  }

  /** Starts what was blocked; call it from the handler of a click. */
  async resume(): Promise<void> {
    await Promise.all([...this.#elements.values()].map(({ element }) => this.#play(element)));
  }

  close(): void {
    for (const off of this.#offs) {
      off();
    }
    for (const track of [...this.#elements.keys()]) {
      this.#remove(track);
    }
    this.#events.clear();
  }

  #add(peer: Peer, track: MediaStreamTrack, stream: MediaStream): void {
    if (track.kind !== 'audio' || this.#elements.has(track)) {
      return;
    }
    const element = new Audio();
    element.srcObject = stream;
    element.volume = this.volumeOf(peer);
    this.#elements.set(track, { element, peer });
    // What plays nowhere else must not keep the sound from playing at all.
    void this.#route(element).catch(() => undefined);
    void this.#play(element);
  }

  #remove(track: MediaStreamTrack): void {
    const entry = this.#elements.get(track);
    if (entry) {
      this.#elements.delete(track);
      entry.element.pause();
      entry.element.srcObject = null;
    }
  }

  async #route(element: HTMLAudioElement): Promise<void> {
    const routable = element as Partial<HTMLAudioElement>;
    if (this.#deviceId !== '' || routable.sinkId) {
      await routable.setSinkId?.call(element, this.#deviceId);
    }
  }

  async #play(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
      this.#setBlocked(false);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        this.#setBlocked(true);
      }
    }
  }

  #setBlocked(blocked: boolean): void {
    if (blocked !== this.#blocked) {
      this.#blocked = blocked;
      this.#events.emit('blocked', blocked);
    }
  }
}
