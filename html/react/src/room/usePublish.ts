import { useEffect } from 'react';
import type { LocalMedia } from '../media/local-media.js';
import { useRoom } from './context.js';
import { Publisher } from './publisher.js';

/** Sends microphone and camera into the room, and follows every change of them. */
export function usePublish(media: LocalMedia): void {
  const room = useRoom();
  useEffect(() => new Publisher(room, media).start(), [room, media]);
}
