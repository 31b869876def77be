/** Why a microphone, camera or screen can't be had, in the words the page explains. */
export type MediaProblem =
  /** The person, or a policy, said no to this page. */
  | 'denied'
  /** The operating system says no to the browser. */
  | 'blocked'
  /** There is no such device. */
  | 'missing'
  /** Another program holds it, or it does not start. */
  | 'busy'
  /** This page may not ask: it was not loaded over HTTPS, or the browser can't. */
  | 'unavailable';

/** Sorts what `getUserMedia` and `getDisplayMedia` reject with. */
export function mediaProblem(error: unknown): MediaProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  const message = error instanceof Error || error instanceof DOMException ? error.message : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return /system/i.test(message) ? 'blocked' : 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'TypeError':
    case 'NotSupportedError':
      return 'unavailable';
    default:
      return 'busy';
  }
}
