import type { Room } from '@otter/client';
import { type LocalMedia, Publisher, ScreenShare } from '@otter/react';
import { useEffect, useMemo } from 'react';
import { CallStore } from './call-store.js';
import { HealthStore } from './health.js';

export interface Call {
  readonly store: CallStore;
  readonly share: ScreenShare;
  readonly health: HealthStore;
}

/** Everything that lives as long as the call: what is seen of it, and what is sent into it. */
export function useCall(room: Room, media: LocalMedia): Call {
  const call = useMemo(
    () => ({
      store: new CallStore(room),
      share: new ScreenShare(room),
      health: new HealthStore(room),
    }),
    [room],
  );

  useEffect(() => {
    const publisher = new Publisher(room, media);
    const off = [call.store.start(), call.health.start(), publisher.start(), call.share.stop];
    return () => {
      for (const stop of off) {
        stop();
      }
    };
  }, [room, media, call]);

  return call;
}
