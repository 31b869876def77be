import { OtterError } from '../errors.js';

/**
 * What `getUserMedia` and `getDisplayMedia` reject with (Media Capture and Streams, section 10.2;
 * Screen Capture, section 5.1), under codes of this library:
 *
 * - `device-denied`: the user or the system said no. Ask them to allow it in the address bar or the
 *   system's settings.
 * - `device-gone`: the device is not there (any more). Offer another one.
 * - `device-busy`: another program has it. Ask to close that, then try again.
 * - `unsupported`: this browser or this frame may not; HTTPS or the `allow` attribute is missing.
 * - `device-failed`: anything else.
 */
export function deviceError(error: unknown): OtterError {
  const name = error instanceof DOMException ? error.name : '';
  const message = error instanceof Error ? error.message : String(error);
  return new OtterError(CODES[name] ?? 'device-failed', message, { cause: error });
}

const CODES: Readonly<Record<string, string>> = {
  NotAllowedError: 'device-denied',
  NotFoundError: 'device-gone',
  OverconstrainedError: 'device-gone',
  NotReadableError: 'device-busy',
  AbortError: 'device-busy',
  SecurityError: 'unsupported',
  TypeError: 'unsupported',
};

/** Opens another device with the constraints of a track that is in use. */
export async function openLike(
  track: MediaStreamTrack,
  deviceId: string,
): Promise<MediaStreamTrack> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) {
    throw new OtterError('unsupported', 'This page may not use devices: it needs HTTPS.');
  }
  const constraints = { ...track.getConstraints(), deviceId: { exact: deviceId } };
  try {
    const stream = await devices.getUserMedia({ [track.kind]: constraints });
    const [opened] = stream.getTracks();
    if (opened) {
      return opened;
    }
  } catch (error) {
    throw deviceError(error);
  }
  throw new OtterError('device-failed', 'The browser gave no track.');
}
