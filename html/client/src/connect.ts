import { OtterError } from './errors.js';
import { CallRoom } from './room.js';
import { Signaling } from './signaling/signaling.js';
import type { ConnectOptions, Room } from './types.js';

/**
 * Joins the room that the token names; resolves when the server has said welcome. Members that are
 * there already are in `peers` at once, with no `peer-joined`.
 *
 * Rejects with `OtterError`: with the server's own code for what it refuses, `unreachable` when it
 * does not answer, `aborted` after `signal`, `invalid-argument` for options that make no sense,
 * `unsupported` in a browser without WebRTC.
 */
export function connect(options: ConnectOptions): Promise<Room> {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    let room: CallRoom | undefined;

    const signaling = new Signaling(options, {
      onWelcome: (welcome, continuity) => {
        if (room) {
          room.welcomed(welcome, continuity);
          return;
        }
        signal?.removeEventListener('abort', abort);
        room = new CallRoom(signaling, welcome, options.rtc ?? {});
        resolve(room);
      },
      onMessage: (message) => {
        if (message.type === 'lobby') {
          options.onWaiting?.();
        } else {
          room?.message(message);
        }
      },
      onDown: () => {
        room?.down();
      },
      onClosed: (ending) => {
        if (room) {
          room.closed(ending);
          return;
        }
        signal?.removeEventListener('abort', abort);
        const { reason, closeCode, error } = ending;
        const details = { closeCode: closeCode ?? undefined };
        reject(error ?? new OtterError(reason, `The server has closed: ${reason}.`, details));
      },
    });

    const abort = (): void => {
      reject(new OtterError('aborted', 'Connecting was given up.', { cause: signal?.reason }));
      signaling.leave();
    };

    const fault = findFault(options);
    if (fault) {
      reject(fault);
      return;
    }
    if (signal?.aborted) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort);
    signaling.start();
  });
}

/** What is wrong before anything is sent: later there is nobody to tell. */
function findFault({ url, rtc }: ConnectOptions): OtterError | undefined {
  if (typeof RTCPeerConnection === 'undefined') {
    return new OtterError('unsupported', 'This browser has no WebRTC.');
  }
  try {
    new RTCPeerConnection(rtc).close();
    const { protocol } = new URL(url);
    if (protocol === 'ws:' || protocol === 'wss:') {
      return undefined;
    }
  } catch (cause) {
    return new OtterError('invalid-argument', 'Bad URL or configuration.', { cause });
  }
  return new OtterError('invalid-argument', 'The URL is not one of a WebSocket.');
}
