import { useEffect, useMemo, useState } from 'react';
import { useStore } from '../useStore.js';
import { type Kind, LocalMedia, type MediaState } from './local-media.js';
import type { MediaMemory } from './memory.js';

export interface LocalMediaControl extends MediaState {
  /** The microphone and camera themselves, for `usePublish`. */
  readonly media: LocalMedia;
  readonly setOn: (kind: Kind, on: boolean) => void;
  readonly select: (kind: Kind, deviceId: string) => void;
  readonly selectSpeaker: (deviceId: string) => void;
  /** Asks again for whatever could not be had. */
  readonly retry: () => void;
}

/**
 * This person's microphone and camera, asked for when the component comes and let go of when it
 * goes. Choices are kept in `memory`, by default for as long as the component is there.
 */
export function useLocalMedia(memory?: MediaMemory): LocalMediaControl {
  const [media] = useState(() => new LocalMedia(memory));
  const state = useStore(media.state);

  useEffect(() => {
    void media.open();
    return () => {
      media.close();
    };
  }, [media]);

  return useMemo(
    () => ({
      ...state,
      media,
      setOn: (kind, on) => {
        void media.toggle(kind, on);
      },
      select: (kind, deviceId) => {
        void media.select(kind, deviceId);
      },
      selectSpeaker: (deviceId) => {
        media.selectSpeaker(deviceId);
      },
      retry: () => {
        void media.retry();
      },
    }),
    [media, state],
  );
}
