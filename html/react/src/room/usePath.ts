import { useEffect, useState } from 'react';
import type { Person } from './people.js';

/** How media reaches a person. */
export interface Path {
  readonly relayed: boolean;
  readonly protocol: string | null;
}

const EVERY_MS = 4000;

/** Looks up now and then which way the connection to a person takes; null while unknown. */
export function usePath(person: Person): Path | null {
  const [path, setPath] = useState<Path | null>(null);
  const { peer, connection } = person;

  useEffect(() => {
    let live = true;
    const look = async (): Promise<void> => {
      const stats = await peer.stats().catch(() => null);
      if (!live) {
        return;
      }
      const relayed = stats?.relayed ?? null;
      setPath(relayed === null ? null : { relayed, protocol: stats?.protocol ?? null });
    };
    void look();
    const timer = setInterval(() => {
      void look();
    }, EVERY_MS);
    return () => {
      live = false;
      clearInterval(timer);
    };
  }, [peer, connection]);

  return path;
}
