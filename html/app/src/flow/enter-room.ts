import { connect, OtterError, type Room } from '@otter/client';
import type { AppConfig } from '../config.js';
import { relaySetting } from '../lib/settings.js';
import { readClaims } from '../lib/token.js';
import { forgetGuest, guestToken, socketUrl } from './access.js';
import type { Invite } from './machine.js';

interface Entrance {
  readonly onWaiting: () => void;
  readonly url: string;
  readonly rtc: Partial<RTCConfiguration>;
  readonly signal: AbortSignal;
}

/** Connects with a token of this guest's own, and with a fresh one whenever that is asked for. */
async function enterAsGuest(
  config: AppConfig,
  room: string,
  name: string,
  entrance: Entrance,
): Promise<Room> {
  // Asked for beforehand: a refusal is told at once, where the library would try again.
  const first = await guestToken(config, { room, name, identity: null });
  const { identity } = readClaims(first);
  let next: string | null = first;
  const token = async (): Promise<string> => {
    if (next === null) {
      forgetGuest(room);
      return guestToken(config, { room, name, identity });
    }
    const given = next;
    next = null;
    return given;
  };
  return connect({ ...entrance, token });
}

async function enter(
  config: AppConfig,
  invite: Invite,
  name: string,
  { signal, onWaiting }: Pick<Entrance, 'signal' | 'onWaiting'>,
): Promise<Room> {
  const entrance: Entrance = {
    onWaiting,
    url: socketUrl(window.location, config.prefix),
    rtc: relaySetting.value.get() ? { iceTransportPolicy: 'relay' } : {},
    signal,
  };
  if (invite.token !== null) {
    return connect({ ...entrance, token: invite.token });
  }
  try {
    return await enterAsGuest(config, invite.room, name, entrance);
  } catch (error) {
    // The token that this tab had kept may be of a server that has forgotten it.
    if (error instanceof OtterError && error.status === 401) {
      forgetGuest(invite.room);
      return enterAsGuest(config, invite.room, name, entrance);
    }
    throw error;
  }
}

/** The name this person goes by, where the token leaves it to them. */
function introduce(room: Room, invite: Invite, name: string): void {
  const given = invite.token === null ? null : readClaims(invite.token).name;
  if (given === null && name !== '' && room.self.name !== name) {
    room.update({ name });
  }
}

/** Goes into the room, under the name that this person goes by. */
export async function enterRoom(
  config: AppConfig,
  invite: Invite,
  name: string,
  waiting: Pick<Entrance, 'signal' | 'onWaiting'>,
): Promise<Room> {
  const room = await enter(config, invite, name, waiting);
  if (!waiting.signal.aborted) {
    introduce(room, invite, name);
  }
  return room;
}
