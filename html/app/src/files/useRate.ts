import type { FileTransfer } from '@otter/client';
import { useEffect, useState } from 'react';
import { type Rate, RateMeter } from './rate.js';

const EVERY_MS = 500;

/** How fast a file is and how long it will take; null while it stands or too little is known. */
export function useRate(transfer: FileTransfer): Rate | null {
  const [rate, setRate] = useState<Rate | null>(null);

  useEffect(() => {
    const meter = new RateMeter();
    const timer = setInterval(() => {
      if (transfer.state === 'active' && transfer.waiting === null) {
        meter.add(performance.now(), transfer.transferred);
      } else {
        meter.reset();
      }
      setRate(meter.rate(transfer.size));
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [transfer]);

  return rate;
}
