import { Store } from '../store.js';
import { cameraConstraints, captureSize, type CaptureSize, deviceConstraint } from './capture.js';
import { type DeviceLists, NO_DEVICES, sortDevices } from './devices.js';
import { forgetful, type MediaMemory } from './memory.js';
import { type MediaProblem, mediaProblem } from './problem.js';

export type Kind = 'microphone' | 'camera';

/** One of the two sources a person brings into a call. */
export interface Source {
  /** The person wants it on. A microphone that is off stays open, disabled; a camera is closed. */
  readonly on: boolean;
  /** The browser is being asked for it. */
  readonly asking: boolean;
  readonly problem: MediaProblem | null;
  readonly track: MediaStreamTrack | null;
  /** The device in use, or the one that is remembered. */
  readonly deviceId: string | null;
}

export interface MediaState {
  readonly microphone: Source;
  readonly camera: Source;
  readonly devices: DeviceLists;
  readonly speakerId: string | null;
}

const KINDS = ['microphone', 'camera'] as const;

function remember(memory: MediaMemory, kind: Kind): Source {
  return {
    on: memory.get(`${kind}.on`) !== 'no',
    asking: false,
    problem: null,
    track: null,
    deviceId: memory.get(`${kind}.device`),
  };
}

function permissionName(kind: Kind): PermissionName {
  return kind as PermissionName;
}

/**
 * This person's microphone and camera: from the first question on the pre-join screen to the end
 * of the call. Holds at most one track of each.
 */
export class LocalMedia {
  readonly state: Store<MediaState>;
  readonly #memory: MediaMemory;

  /** The source whose device went away by itself, last. */
  readonly lost = new Store<{ readonly kind: Kind } | null>(null);

  #size: CaptureSize = captureSize(1, navigator.hardwareConcurrency);
  /** Counts requests of each kind: the answer to one that was overtaken is thrown away. */
  readonly #turn: Record<Kind, number> = { microphone: 0, camera: 0 };
  #open = false;

  /** Takes and keeps choices in `memory`; without one they last as long as this object. */
  constructor(memory: MediaMemory = forgetful()) {
    this.#memory = memory;
    this.state = new Store<MediaState>({
      microphone: remember(memory, 'microphone'),
      camera: remember(memory, 'camera'),
      devices: NO_DEVICES,
      speakerId: memory.get('speaker.device'),
    });
  }

  /** Asks for what is wanted, in one question where it can. */
  async open(): Promise<void> {
    if (this.#open) {
      return;
    }
    this.#open = true;
    this.#media?.addEventListener('devicechange', this.#onDeviceChange);
    const wanted = KINDS.filter((kind) => this.state.get()[kind].on);
    if (wanted.length === 2 && (await this.#acquireBoth())) {
      return;
    }
    await Promise.all(
      wanted
        .filter((kind) => this.state.get()[kind].problem === null)
        .map((kind) => this.#acquire(kind, false)),
    );
    await this.#listDevices();
  }

  /** Lets go of everything. */
  close(): void {
    this.#open = false;
    this.#media?.removeEventListener('devicechange', this.#onDeviceChange);
    for (const kind of KINDS) {
      this.#turn[kind] += 1;
      this.state.get()[kind].track?.stop();
      this.#patch(kind, { track: null, asking: false, problem: null });
    }
  }

  /** Switches a source on or off, or tries again after a problem. */
  async toggle(kind: Kind, on: boolean): Promise<void> {
    const { track } = this.state.get()[kind];
    this.#memory.set(`${kind}.on`, on ? 'yes' : 'no');
    this.#patch(kind, { on });
    if (kind === 'microphone' && track !== null) {
      track.enabled = on;
      return;
    }
    if (on) {
      await this.#acquire(kind, false);
      return;
    }
    this.#turn[kind] += 1;
    track?.stop();
    this.#patch(kind, { track: null, asking: false, problem: null });
  }

  /** Asks again for whatever could not be had. */
  async retry(): Promise<void> {
    const failed = KINDS.filter((kind) => this.state.get()[kind].problem !== null);
    if (failed.length === KINDS.length && (await this.#acquireBoth())) {
      return;
    }
    await Promise.all(
      failed
        .filter((kind) => this.state.get()[kind].track === null)
        .map((kind) => this.#acquire(kind, false)),
    );
  }

  async select(kind: Kind, deviceId: string): Promise<void> {
    this.#memory.set(`${kind}.device`, deviceId);
    this.#patch(kind, { deviceId });
    const { on, track } = this.state.get()[kind];
    if (on || track !== null) {
      await this.#acquire(kind, true);
    }
  }

  selectSpeaker(speakerId: string): void {
    this.#memory.set('speaker.device', speakerId);
    this.state.set({ ...this.state.get(), speakerId });
  }

  /** Fits the camera's picture to the number of people who will get it. */
  async fitTo(others: number): Promise<void> {
    const size = captureSize(others, navigator.hardwareConcurrency);
    if (size === this.#size) {
      return;
    }
    this.#size = size;
    // A camera that can't follow keeps its picture, which is no loss.
    await this.state
      .get()
      .camera.track?.applyConstraints(cameraConstraints(size))
      .catch(() => null);
  }

  get #media(): MediaDevices | undefined {
    // Absent on pages that were not loaded over HTTPS, whatever the types say.
    return (navigator as Partial<Navigator>).mediaDevices;
  }

  #patch(kind: Kind, change: Partial<Source>): void {
    const state = this.state.get();
    this.state.set({ ...state, [kind]: { ...state[kind], ...change } });
  }

  #constraints(kind: Kind, chosen: boolean): MediaTrackConstraints {
    const { deviceId } = this.state.get()[kind];
    const device = deviceConstraint(deviceId, chosen);
    return kind === 'camera'
      ? { ...cameraConstraints(this.#size), ...device }
      : { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...device };
  }

  async #capture(constraints: MediaStreamConstraints): Promise<MediaStream> {
    if (this.#media === undefined) {
      throw new TypeError('no media devices');
    }
    return this.#media.getUserMedia(constraints);
  }

  /** One question for both. Answers false when they have to be asked for one by one. */
  async #acquireBoth(): Promise<boolean> {
    const turns = KINDS.map((kind) => (this.#turn[kind] += 1));
    const overtaken = (index: number, kind: Kind): boolean => turns[index] !== this.#turn[kind];
    for (const kind of KINDS) {
      this.#patch(kind, { asking: true, problem: null });
    }
    try {
      const stream = await this.#capture({
        audio: this.#constraints('microphone', false),
        video: this.#constraints('camera', false),
      });
      KINDS.forEach((kind, index) => {
        const track = kind === 'camera' ? stream.getVideoTracks()[0] : stream.getAudioTracks()[0];
        if (overtaken(index, kind)) {
          track?.stop();
        } else if (track !== undefined) {
          this.#take(kind, track);
        }
      });
      await this.#listDevices();
      return true;
    } catch (error) {
      const problem = mediaProblem(error);
      // A no that was meant for one of the two alone leaves the other to be asked for.
      const refused = problem === 'denied' ? await this.#refusals() : [];
      const all = problem === 'unavailable' || (problem === 'denied' && refused.length !== 1);
      KINDS.forEach((kind, index) => {
        if (!overtaken(index, kind)) {
          const final = all || refused.includes(kind);
          this.#patch(kind, { asking: false, problem: final ? problem : null });
        }
      });
      return all;
    }
  }

  async #refusals(): Promise<readonly Kind[]> {
    const states = await Promise.all(
      KINDS.map(async (kind) => {
        try {
          const { state } = await navigator.permissions.query({ name: permissionName(kind) });
          return state;
        } catch {
          return 'prompt';
        }
      }),
    );
    return KINDS.filter((_, index) => states[index] === 'denied');
  }

  async #acquire(kind: Kind, chosen: boolean): Promise<void> {
    const turn = (this.#turn[kind] += 1);
    this.#patch(kind, { asking: true, problem: null });
    try {
      const constraints = this.#constraints(kind, chosen);
      const stream = await this.#capture(
        kind === 'camera' ? { video: constraints } : { audio: constraints },
      );
      const track = stream.getTracks()[0];
      if (turn !== this.#turn[kind]) {
        track?.stop();
        return;
      }
      if (track !== undefined) {
        this.#take(kind, track);
      }
    } catch (error) {
      if (turn === this.#turn[kind] && !(await this.#makeWay(kind, mediaProblem(error)))) {
        this.#patch(kind, { asking: false, problem: mediaProblem(error) });
      }
    }
    await this.#listDevices();
  }

  /** Phones open one camera at a time: the present one is closed, and the other tried again. */
  async #makeWay(kind: Kind, problem: MediaProblem): Promise<boolean> {
    const { track } = this.state.get()[kind];
    if (problem !== 'busy' || track === null) {
      return false;
    }
    track.stop();
    this.#patch(kind, { track: null });
    await this.#acquire(kind, true);
    return true;
  }

  #take(kind: Kind, track: MediaStreamTrack): void {
    const previous = this.state.get()[kind];
    track.enabled = previous.on;
    track.contentHint = kind === 'camera' ? 'motion' : 'speech';
    track.addEventListener('ended', () => {
      this.#onEnded(kind, track);
    });
    const deviceId = track.getSettings().deviceId ?? previous.deviceId;
    this.#patch(kind, { track, asking: false, problem: null, deviceId });
    previous.track?.stop();
  }

  /** The device was unplugged or taken away: another one takes over, if there is one. */
  #onEnded(kind: Kind, track: MediaStreamTrack): void {
    if (this.state.get()[kind].track !== track) {
      return;
    }
    this.lost.set({ kind });
    this.#patch(kind, { track: null, deviceId: null });
    void this.#acquire(kind, false);
  }

  readonly #onDeviceChange = (): void => {
    for (const kind of KINDS) {
      const { on, problem } = this.state.get()[kind];
      if (on && problem === 'missing') {
        void this.#acquire(kind, false);
      }
    }
    void this.#listDevices();
  };

  async #listDevices(): Promise<void> {
    const all = await this.#media?.enumerateDevices().catch(() => []);
    this.state.set({ ...this.state.get(), devices: sortDevices(all ?? []) });
  }
}
