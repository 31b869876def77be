/** One audio context for all meters: browsers allow only a few. */
let shared: AudioContext | null = null;

function context(): AudioContext | null {
  if (typeof AudioContext === 'undefined') {
    return null;
  }
  if (shared === null) {
    const created = new AudioContext();
    shared = created;
    // Browsers hold a context until the person has done something on the page.
    const resume = (): void => {
      void created.resume();
    };
    for (const type of ['pointerdown', 'keydown']) {
      window.addEventListener(type, resume, { passive: true });
    }
  }
  return shared;
}

export interface LevelMeter {
  /** The level of this moment, 0 to 1, as root mean square. */
  read(): number;
  stop(): void;
}

/**
 * Measures a microphone. A clone is what is measured, so that muting the track, which silences
 * it, does not silence the meter: "you are muted" can then be told to someone who speaks.
 */
export function createLevelMeter(track: MediaStreamTrack): LevelMeter {
  const audio = context();
  if (audio === null) {
    return { read: () => 0, stop: () => undefined };
  }
  const clone = track.clone();
  clone.enabled = true;
  const source = audio.createMediaStreamSource(new MediaStream([clone]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read: () => {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) {
        sum += sample * sample;
      }
      return Math.sqrt(sum / samples.length);
    },
    stop: () => {
      source.disconnect();
      clone.stop();
    },
  };
}

/** Turns a level into the part of a meter to fill: ears, and meters, work in decibels. */
export function meterFill(level: number): number {
  if (level <= 0) {
    return 0;
  }
  const decibels = 20 * Math.log10(level);
  return Math.max(0, Math.min(1, (decibels + 60) / 54));
}
