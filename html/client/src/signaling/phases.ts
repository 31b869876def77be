import type { OtterError } from '../errors.js';
import type { Continuity } from './session.js';
import type { ServerMessage, Welcome } from './wire.js';

/**
 * Where the session stands.
 *
 * - `idle`: nothing has been done yet.
 * - `opening`: from asking for a token to the `welcome`.
 * - `live`: between `welcome` and the end of the socket.
 * - `checking`: no `welcome` came; `GET session` is asked for the reason.
 * - `waiting`: until the next attempt.
 * - `closed`: the end.
 */
export type Phase = 'idle' | 'opening' | 'live' | 'checking' | 'waiting' | 'closed';

/** From each phase, those that may follow. */
export const TRANSITIONS: Readonly<Record<Phase, readonly Phase[]>> = {
  idle: ['opening', 'closed'],
  opening: ['live', 'checking', 'waiting', 'closed'],
  live: ['waiting', 'closed'],
  checking: ['waiting', 'closed'],
  waiting: ['opening', 'closed'],
  closed: [],
};

/** Why the session is over; `error` is null where the server or the user wanted it so. */
export interface Ending {
  readonly reason: string;
  readonly closeCode: number | null;
  readonly error: OtterError | null;
}

export interface SignalingHandlers {
  onWelcome(welcome: Welcome, continuity: Continuity): void;
  onMessage(message: ServerMessage): void;
  /** The socket is gone and another one will be opened. */
  onDown(): void;
  onClosed(ending: Ending): void;
}
