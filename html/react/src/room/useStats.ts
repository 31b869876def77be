import type { Peer, PeerStats } from '@otter/client';
import { useEffect, useState } from 'react';
import { type Rates, ratesBetween, type Totals, totalsOf } from './rates.js';

/** What is known of the connection to one peer. */
export interface ConnectionStats extends Pick<PeerStats, 'relayed' | 'protocol'> {
  /** Null until the second look. */
  readonly rates: Rates | null;
}

/** Looks every `everyMs` at the connection to a peer; null while there is none. */
export function useStats(peer: Peer, everyMs = 2000): ConnectionStats | null {
  const [stats, setStats] = useState<ConnectionStats | null>(null);

  useEffect(() => {
    let live = true;
    let before: Totals | null = null;
    const look = async (): Promise<void> => {
      const seen = await peer.stats().catch(() => null);
      if (!live) {
        return;
      }
      if (seen === null) {
        before = null;
        setStats(null);
        return;
      }
      const now = totalsOf(seen.report);
      const rates = before === null ? null : ratesBetween(before, now);
      before = now;
      setStats({ relayed: seen.relayed, protocol: seen.protocol, rates });
    };
    void look();
    const timer = setInterval(() => {
      void look();
    }, everyMs);
    return () => {
      live = false;
      clearInterval(timer);
    };
  }, [peer, everyMs]);

  return stats;
}
