import { type LocalMedia, Store } from '@otter/react';
import { blurSetting, noiseSetting } from '../lib/settings.js';

/** What browsers have beyond the types: blurring is done by the camera, the system or the browser. */
interface Capabilities {
  readonly backgroundBlur?: readonly boolean[];
  readonly noiseSuppression?: readonly boolean[];
  readonly voiceIsolation?: readonly boolean[];
}

interface Constraints extends MediaTrackConstraints {
  readonly backgroundBlur?: boolean;
  readonly voiceIsolation?: boolean;
}

/** What can be done to the tracks of this moment. */
export interface Abilities {
  readonly blur: boolean;
  readonly noise: boolean;
}

function capabilitiesOf(track: MediaStreamTrack | null): Capabilities {
  const able = track as { getCapabilities?: () => Capabilities } | null;
  return able?.getCapabilities?.() ?? {};
}

/** Whether it can be switched: a system that forces it on or off lists one value alone. */
function switchable(values: readonly boolean[] | undefined): boolean {
  return values?.includes(true) === true && values.includes(false);
}

export function abilitiesOf(
  microphone: MediaStreamTrack | null,
  camera: MediaStreamTrack | null,
): Abilities {
  return {
    blur: switchable(capabilitiesOf(camera).backgroundBlur),
    noise: switchable(capabilitiesOf(microphone).noiseSuppression),
  };
}

/** The constraints that a track goes by, with these changed: all are set anew each time. */
async function constrain(track: MediaStreamTrack, change: Constraints): Promise<void> {
  try {
    await track.applyConstraints({ ...track.getConstraints(), ...change });
  } catch {
    // The device thinks better of it: the track goes on as it is.
  }
}

/** Keeps effects as they were chosen, on every track that the person brings. */
export class Effects {
  readonly abilities = new Store<Abilities>({ blur: false, noise: false });
  readonly #media: LocalMedia;
  #camera: MediaStreamTrack | null = null;
  #microphone: MediaStreamTrack | null = null;

  constructor(media: LocalMedia) {
    this.#media = media;
  }

  /** Begins to follow; the function it answers ends that. */
  readonly start = (): (() => void) => {
    const follow = (): void => {
      const { microphone, camera } = this.#media.state.get();
      if (microphone.track === this.#microphone && camera.track === this.#camera) {
        return;
      }
      const fresh = {
        camera: camera.track !== this.#camera,
        microphone: microphone.track !== this.#microphone,
      };
      this.#camera = camera.track;
      this.#microphone = microphone.track;
      this.abilities.set(abilitiesOf(this.#microphone, this.#camera));
      if (fresh.camera && blurSetting.value.get()) {
        this.#blur();
      }
      if (fresh.microphone && !noiseSetting.value.get()) {
        this.#noise();
      }
    };
    follow();
    const off = [
      this.#media.state.subscribe(follow),
      blurSetting.value.subscribe(() => {
        this.#blur();
      }),
      noiseSetting.value.subscribe(() => {
        this.#noise();
      }),
    ];
    return () => {
      for (const stop of off) {
        stop();
      }
    };
  };

  #blur(): void {
    if (this.#camera !== null && this.abilities.get().blur) {
      void constrain(this.#camera, { backgroundBlur: blurSetting.value.get() });
    }
  }

  #noise(): void {
    const on = noiseSetting.value.get();
    const track = this.#microphone;
    if (track !== null && this.abilities.get().noise) {
      const isolates = switchable(capabilitiesOf(track).voiceIsolation);
      void constrain(track, {
        noiseSuppression: on,
        ...(isolates ? { voiceIsolation: on } : {}),
      });
    }
  }
}
