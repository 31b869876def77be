import { OtterError } from './errors.js';
import type { ConnectOptions, Room } from './types.js';

/** Joins the room that the token names; resolves when the server has said welcome. */
export function connect(options: ConnectOptions): Promise<Room> {
  return Promise.reject(new OtterError('unreachable', `Cannot reach ${options.url}.`));
}
