import { connect, type ConnectOptions, OtterError, type Room } from '@otter/client';
import { useEffect, useRef, useState } from 'react';

/** The way into a room, and out of it. */
export type Connection =
  | { readonly at: 'idle' }
  | { readonly at: 'connecting' }
  /** In the lobby, until a moderator lets this side in. */
  | { readonly at: 'waiting' }
  | { readonly at: 'connected'; readonly room: Room }
  | { readonly at: 'closed'; readonly reason: string; readonly closeCode: number | null }
  | { readonly at: 'failed'; readonly error: OtterError };

const IDLE: Connection = { at: 'idle' };

function errorOf(error: unknown): OtterError {
  return error instanceof OtterError
    ? error
    : new OtterError('unreachable', 'Joining has failed.', { cause: error });
}

/**
 * Joins while `options` are given and leaves when they become null, or another address or token,
 * or when the component goes. A function for a token does not count as another one.
 */
export function useConnection(options: Omit<ConnectOptions, 'signal'> | null): Connection {
  const [connection, setConnection] = useState<Connection>(IDLE);
  const latest = useRef(options);
  const url = options?.url ?? null;
  const token = typeof options?.token === 'string' ? options.token : null;

  useEffect(() => {
    latest.current = options;
  });

  useEffect(() => {
    const given = latest.current;
    if (url === null || given === null) {
      return;
    }
    const abort = new AbortController();
    const { signal } = abort;
    let room: Room | null = null;
    const show = (next: Connection): void => {
      if (!signal.aborted) {
        setConnection(next);
      }
    };
    show({ at: 'connecting' });
    connect({
      ...given,
      signal,
      onWaiting: () => {
        show({ at: 'waiting' });
        given.onWaiting?.();
      },
    }).then(
      (joined) => {
        if (signal.aborted) {
          void joined.leave();
          return;
        }
        room = joined;
        joined.on('closed', ({ reason, closeCode }) => {
          show({ at: 'closed', reason, closeCode });
        });
        show({ at: 'connected', room: joined });
      },
      (error: unknown) => {
        show({ at: 'failed', error: errorOf(error) });
      },
    );
    return () => {
      abort.abort();
      void room?.leave();
      setConnection(IDLE);
    };
  }, [url, token]);

  return connection;
}
