import { useCallback, useEffect, useState } from 'react';
import { type AdminApi, type AdminRoom, Refusal } from './api.js';
import { addSample, type Sample } from './history.js';

/** What is known of the server. */
export interface ServerView {
  /** Null until the first answer. */
  readonly rooms: readonly AdminRoom[] | null;
  readonly history: readonly Sample[];
  /** The key may not see the metrics. */
  readonly blind: boolean;
  readonly refusal: Refusal | null;
}

const NOTHING: ServerView = { rooms: null, history: [], blind: false, refusal: null };
const EVERY_MS = 2000;

function refusalOf(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('odd', String(error), null);
}

/** Looks at the server now and then, while the page is seen. */
export function useServer(api: AdminApi): { readonly view: ServerView; readonly look: () => void } {
  const [view, setView] = useState(NOTHING);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        const [rooms, metrics] = await Promise.all([api.rooms(signal), api.metrics(signal)]);
        setView(({ history }) => ({
          rooms,
          history:
            metrics === null ? history : addSample(history, { at: performance.now(), metrics }),
          blind: metrics === null,
          refusal: null,
        }));
      } catch (error) {
        if (!signal.aborted) {
          setView((before) => ({ ...before, refusal: refusalOf(error) }));
        }
      }
    };
    const go = (): void => {
      const seen = document.visibilityState === 'visible' ? look() : Promise.resolve();
      void seen.then(() => {
        if (!signal.aborted) {
          timer = setTimeout(go, EVERY_MS);
        }
      });
    };
    go();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [api, turn]);

  return {
    view,
    look: useCallback(() => {
      setTurn((count) => count + 1);
    }, []),
  };
}
