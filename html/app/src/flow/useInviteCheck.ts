import { OtterError } from '@otter/client';
import { type Dispatch, useEffect } from 'react';
import type { AppConfig } from '../config.js';
import { checkSession } from './access.js';
import { endingOf } from './ending.js';
import type { CallEvent, CallFlow } from './useFlow.js';

/**
 * Asks, while the person gets ready, whether the token of the link opens the room, so that an
 * expired link says so before anyone has combed their hair.
 */
export function useInviteCheck(
  config: AppConfig,
  flow: CallFlow,
  dispatch: Dispatch<CallEvent>,
): void {
  const token = flow.at === 'prejoin' ? flow.invite.token : null;

  useEffect(() => {
    if (token === null) {
      return;
    }
    const abort = new AbortController();
    checkSession(config, token, abort.signal).catch((error: unknown) => {
      // A server that does not answer now may do so when the person joins.
      const told = error instanceof OtterError && error.status !== undefined && error.status < 500;
      if (told && !abort.signal.aborted) {
        dispatch({ type: 'ended', ending: endingOf(error) });
      }
    });
    return () => {
      abort.abort();
    };
  }, [config, token, dispatch]);
}
