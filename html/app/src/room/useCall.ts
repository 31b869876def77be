import type { Room } from '@otter/client';
import { useEffect, useMemo } from 'react';
import type { LocalMedia } from '../media/local-media.js';
import { CallStore } from './call-store.js';
import { Publisher } from './publisher.js';
import { ScreenShare } from './screen-share.js';

export interface Call {
  readonly store: CallStore;
  readonly share: ScreenShare;
}

/** Everything that lives as long as the call: what is seen of it, and what is sent into it. */
export function useCall(room: Room, media: LocalMedia): Call {
  const call = useMemo(
    () => ({ store: new CallStore(room), share: new ScreenShare(room) }),
    [room],
  );

  useEffect(() => {
    const publisher = new Publisher(room, media);
    const off = [call.store.start(), publisher.start(), call.share.stop];
    return () => {
      for (const stop of off) {
        stop();
      }
    };
  }, [room, media, call]);

  return call;
}
