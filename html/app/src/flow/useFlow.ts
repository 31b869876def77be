import { connect, OtterError, type Room } from '@otter/client';
import { type Dispatch, useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import type { AppConfig } from '../config.js';
import { parseLocation, roomPath, type Route } from '../lib/links.js';
import { remembered } from '../lib/storage.js';
import { isSupported } from '../lib/support.js';
import { readClaims } from '../lib/token.js';
import {
  forgetGuest,
  forgetLinkToken,
  guestToken,
  keepLinkToken,
  keptLinkToken,
  socketUrl,
} from './access.js';
import { endingOf } from './ending.js';
import { enter, type Flow, type FlowEvent, type FlowRules, type Invite, step } from './machine.js';

export type CallFlow = Flow<Room>;
export type CallEvent = FlowEvent<Room>;

interface Arrival {
  readonly route: Route;
  readonly token: string | null;
}

/** Reads the address, and takes the token out of it: it must not be seen, copied or kept there. */
function arrive(config: AppConfig): Arrival {
  const { pathname, hash } = window.location;
  const route = parseLocation(pathname, hash, config.prefix);
  if (route.at !== 'room') {
    return { route, token: null };
  }
  if (route.token !== null) {
    keepLinkToken(route.room, route.token);
    window.history.replaceState(null, '', pathname);
  }
  return { route, token: keptLinkToken(route.room) };
}

interface Entrance {
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

/** Goes into the room. */
async function enterRoom(
  config: AppConfig,
  invite: Invite,
  name: string,
  signal: AbortSignal,
): Promise<Room> {
  const entrance: Entrance = {
    url: socketUrl(window.location, config.prefix),
    rtc: remembered.get('relay') === 'yes' ? { iceTransportPolicy: 'relay' } : {},
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

export interface FlowControl {
  readonly flow: CallFlow;
  readonly dispatch: Dispatch<CallEvent>;
  readonly openRoom: (room: string, token: string | null) => void;
  readonly goHome: () => void;
  readonly join: (name: string) => void;
}

/** Runs the state machine: reads the address, joins, leaves, and hears when the call is over. */
export function useFlow(config: AppConfig): FlowControl {
  const rules = useMemo<FlowRules>(
    () => ({ guests: config.guests, supported: isSupported(window) }),
    [config],
  );
  const [flow, dispatch] = useReducer(
    (state: CallFlow, event: CallEvent) => step(state, event, rules),
    null,
    () => {
      const { route, token } = arrive(config);
      return enter<Room>(route, token, rules);
    },
  );

  useEffect(() => {
    const moved = (): void => {
      dispatch({ type: 'navigated', ...arrive(config) });
    };
    window.addEventListener('popstate', moved);
    window.addEventListener('hashchange', moved);
    return () => {
      window.removeEventListener('popstate', moved);
      window.removeEventListener('hashchange', moved);
    };
  }, [config]);

  const joining = flow.at === 'joining' ? flow.invite : null;
  useEffect(() => {
    if (joining === null) {
      return;
    }
    const abort = new AbortController();
    const name = remembered.get('name') ?? '';
    enterRoom(config, joining, name, abort.signal).then(
      (room) => {
        if (abort.signal.aborted) {
          void room.leave();
          return;
        }
        introduce(room, joining, name);
        dispatch({ type: 'joined', room, at: Date.now() });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) {
          const ending = endingOf(error instanceof OtterError ? error : {});
          dispatch({ type: 'ended', ending });
        }
      },
    );
    return () => {
      abort.abort();
    };
  }, [config, joining]);

  const room = flow.at === 'call' ? flow.room : null;
  const previous = useRef<Room | null>(null);
  useEffect(() => {
    if (previous.current !== room) {
      void previous.current?.leave();
      previous.current = room;
    }
    if (room === null) {
      return;
    }
    const off = room.on('closed', ({ reason, closeCode }) => {
      const ending = endingOf({ code: reason, closeCode });
      if (ending === 'replaced') {
        forgetGuest(room.info.room);
      }
      dispatch({ type: 'ended', ending });
    });
    const leave = (): void => {
      void room.leave();
    };
    window.addEventListener('pagehide', leave);
    return () => {
      off();
      window.removeEventListener('pagehide', leave);
    };
  }, [room]);

  useEffect(() => {
    if (flow.at !== 'ended' || flow.invite === null) {
      return;
    }
    if (flow.ending === 'expired' || flow.ending === 'invalid-token') {
      forgetLinkToken(flow.invite.room);
      forgetGuest(flow.invite.room);
    }
  }, [flow]);

  const navigate = useCallback(
    (path: string) => {
      window.history.pushState(null, '', path);
      dispatch({ type: 'navigated', ...arrive(config) });
    },
    [config],
  );

  return {
    flow,
    dispatch,
    openRoom: useCallback(
      (name, token) => {
        if (token !== null) {
          keepLinkToken(name, token);
        }
        navigate(roomPath(config.prefix, name));
      },
      [config, navigate],
    ),
    goHome: useCallback(() => {
      navigate(config.prefix);
    }, [config, navigate]),
    join: useCallback((name) => {
      if (name !== '') {
        remembered.set('name', name);
      }
      dispatch({ type: 'join' });
    }, []),
  };
}
