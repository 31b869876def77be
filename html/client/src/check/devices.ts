import { runCheck, textOf, type Attempt } from './run.js';
import type { CheckOptions, Finding, Verdict } from './verdict.js';

/** Why a device cannot be used. */
export type DeviceCode =
  /** The page is not served over TLS (Media Capture, section 9.1). */
  | 'insecure'
  /** The browser has no `getUserMedia`, or the frame's `allow` attribute forbids it. */
  | 'unsupported'
  /** The user, or the system's settings, said no. */
  | 'denied'
  | 'not-found'
  /** Another program has it, or the system cannot start it. */
  | 'busy'
  /** The device that was asked for by id is not there any more. */
  | 'gone'
  | 'timeout'
  | 'failed';

export interface CameraFacts {
  readonly label: string;
  /** Pixels and frames per second that the camera gives, as it says itself. */
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
}

export interface MicrophoneFacts {
  readonly label: string;
  /** Loudest moment, from 0 to 1. */
  readonly peak: number;
}

export interface DeviceCheckOptions extends CheckOptions {
  readonly deviceId?: string;
}

/** Below this there is not even the noise of a room: the microphone is switched off somewhere. */
const SILENCE = 0.001;

/** How long a microphone is listened to. */
const LISTEN = 2_000;

/**
 * Opens the camera and waits for a picture. `no-picture`: it opened and shows nothing, as one does
 * whose shutter is closed by software or that another program holds. The camera is closed again.
 */
export function checkCamera(
  options: DeviceCheckOptions = {},
): Promise<Verdict<DeviceCode | 'no-picture', CameraFacts>> {
  return runCheck<DeviceCode | 'no-picture', CameraFacts>(options, timedOut, async (attempt) => {
    const opened = await open('video', options.deviceId, attempt);
    if ('verdict' in opened) {
      return opened;
    }
    const { width, height, frameRate } = opened.getSettings();
    const facts = compact({ label: opened.label, width, height, frameRate });
    return (await hasPicture(opened, attempt))
      ? { verdict: 'passed', code: 'ok', facts }
      : { verdict: 'failed', code: 'no-picture', facts };
  });
}

/**
 * Opens the microphone and listens for two seconds. `silent` (with the verdict `limited`): not even
 * noise comes out of it, so it is muted by a switch or is the wrong one. The microphone is closed
 * again.
 */
export function checkMicrophone(
  options: DeviceCheckOptions = {},
): Promise<Verdict<DeviceCode | 'silent', MicrophoneFacts>> {
  return runCheck<DeviceCode | 'silent', MicrophoneFacts>(options, timedOut, async (attempt) => {
    const opened = await open('audio', options.deviceId, attempt);
    if ('verdict' in opened) {
      return opened;
    }
    const peak = await loudest(opened, attempt);
    const facts = { label: opened.label, peak };
    return peak > SILENCE
      ? { verdict: 'passed', code: 'ok', facts }
      : { verdict: 'limited', code: 'silent', facts };
  });
}

const timedOut = (): Finding<'timeout', object> => ({
  verdict: 'failed',
  code: 'timeout',
  facts: { detail: 'The browser did not hand the device out in time.' },
});

async function open(
  kind: 'audio' | 'video',
  deviceId: string | undefined,
  attempt: Attempt,
): Promise<MediaStreamTrack | Finding<DeviceCode, object>> {
  // Absent on pages without TLS, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) {
    const code = globalThis.isSecureContext ? 'unsupported' : 'insecure';
    return { verdict: 'failed', code, facts: {} };
  }
  const wanted = deviceId === undefined ? true : { deviceId: { exact: deviceId } };
  try {
    const stream = await devices.getUserMedia({ [kind]: wanted });
    attempt.defer(() => {
      for (const track of stream.getTracks()) {
        track.stop();
      }
    });
    const [track] = stream.getTracks();
    return track ?? { verdict: 'failed', code: 'not-found', facts: {} };
  } catch (error) {
    return { verdict: 'failed', code: codeOf(error), facts: { detail: textOf(error) } };
  }
}

/** Media Capture and Streams, section 10.2: what `getUserMedia` rejects with. */
function codeOf(error: unknown): DeviceCode {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return 'denied';
    case 'SecurityError':
      return 'unsupported';
    case 'NotFoundError':
      return 'not-found';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    case 'OverconstrainedError':
      return 'gone';
    default:
      return 'failed';
  }
}

/** Whether a picture that is not black comes, within the time of the check. */
async function hasPicture(track: MediaStreamTrack, attempt: Attempt): Promise<boolean> {
  const video = document.createElement('video');
  const canvas = document.createElement('canvas');
  canvas.width = 16;
  canvas.height = 9;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  attempt.defer(() => {
    video.srcObject = null;
  });
  await video.play().catch(() => undefined);
  const until = Date.now() + attempt.timeout / 2;
  while (Date.now() < until && !attempt.over.aborted) {
    context?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data;
    // Every fourth byte is the opacity.
    if (pixels?.some((value, i) => i % 4 !== 3 && value > 16)) {
      return true;
    }
    await pause(100);
  }
  return false;
}

async function loudest(track: MediaStreamTrack, attempt: Attempt): Promise<number> {
  const context = new AudioContext();
  attempt.defer(() => {
    void context.close();
  });
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  await context.resume();
  const samples = new Float32Array(analyser.fftSize);
  let peak = 0;
  const until = Date.now() + Math.min(LISTEN, attempt.timeout / 2);
  while (Date.now() < until && !attempt.over.aborted) {
    analyser.getFloatTimeDomainData(samples);
    peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), peak);
    await pause(50);
  }
  return Math.min(1, peak);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Leaves out what the browser did not say. */
function compact<T extends object>(facts: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
