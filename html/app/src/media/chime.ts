/** Three notes, each with when it begins, in seconds. */
const NOTES = [
  [523.25, 0],
  [659.25, 0.22],
  [783.99, 0.44],
] as const;

const LENGTH = 1.3;

interface Sink {
  setSinkId?: (id: string) => Promise<void>;
}

/** Plays a short sound on a speaker; resolves when it is over. Rejects where nothing can be played. */
export async function playChime(speakerId: string | null): Promise<void> {
  const context = new AudioContext();
  try {
    const out = context.createMediaStreamDestination();
    const start = context.currentTime + 0.05;
    for (const [frequency, at] of NOTES) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, start + at);
      volume.gain.linearRampToValueAtTime(0.3, start + at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + at + 0.7);
      tone.connect(volume).connect(out);
      tone.start(start + at);
      tone.stop(start + LENGTH);
    }
    const audio = new Audio();
    audio.srcObject = out.stream;
    const sink: Sink = audio;
    await sink.setSinkId?.(speakerId ?? '').catch(() => undefined);
    await context.resume();
    await audio.play();
    await new Promise((resolve) => {
      setTimeout(resolve, LENGTH * 1000 + 100);
    });
    audio.pause();
    audio.srcObject = null;
  } finally {
    await context.close();
  }
}
