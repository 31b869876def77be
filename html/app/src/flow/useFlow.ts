import { OtterError, type Room } from '@otter/client';
import {
  type Dispatch,
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from 'react';
import type { AppConfig } from '../config.js';
import { checkPath, parseLocation, roomPath, type Route } from '../lib/links.js';
import { remembered } from '../lib/storage.js';
import { isSupported } from '../lib/support.js';
import { forgetGuest, forgetLinkToken, keepLinkToken, keptLinkToken } from './access.js';
import { endingOf } from './ending.js';
import { enter, type Flow, type FlowEvent, type FlowRules, step } from './machine.js';
import { loadCall } from './load-call.js';

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
  if (route.at === 'check') {
    window.history.replaceState(null, '', pathname);
    return { route, token: route.token };
  }
  if (route.at !== 'room') {
    return { route, token: null };
  }
  if (route.token !== null) {
    keepLinkToken(route.room, route.token);
    window.history.replaceState(null, '', pathname);
  }
  return { route, token: keptLinkToken(route.room) };
}

export interface FlowControl {
  readonly flow: CallFlow;
  /** While joining: a moderator has to let this side in. */
  readonly waiting: boolean;
  readonly dispatch: Dispatch<CallEvent>;
  readonly openRoom: (room: string, token: string | null) => void;
  readonly goHome: () => void;
  readonly goCheck: () => void;
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
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    if (joining === null) {
      return;
    }
    const onWaiting = (): void => {
      setWaiting(true);
    };
    const abort = new AbortController();
    const name = remembered.get('name') ?? '';
    const entering = loadCall().then(({ enterRoom }) =>
      enterRoom(config, joining, name, { signal: abort.signal, onWaiting }),
    );
    entering.then(
      (room) => {
        if (abort.signal.aborted) {
          void room.leave();
          return;
        }
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
      setWaiting(false);
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
    waiting,
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
    goCheck: useCallback(() => {
      navigate(checkPath(config.prefix));
    }, [config, navigate]),
    join: useCallback((name) => {
      if (name !== '') {
        remembered.set('name', name);
      }
      dispatch({ type: 'join' });
    }, []),
  };
}
