import type { Room, RoomEvents } from '@otter/client';
import { useMemo, useSyncExternalStore } from 'react';
import { useRoom } from './context.js';

interface Watch<T> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly get: () => T;
}

function watch<T>(
  room: Room,
  events: readonly (keyof RoomEvents)[],
  read: (room: Room) => T,
): Watch<T> {
  let value = read(room);
  return {
    subscribe: (listener) => {
      const changed = (): void => {
        value = read(room);
        listener();
      };
      const off = events.map((event) => room.on(event, changed));
      // Between the first look and this one something may have happened.
      value = read(room);
      return () => {
        for (const stop of off) {
          stop();
        }
      };
    },
    get: () => value,
  };
}

/**
 * Something of the room, read anew after each of the events. `events` and `read` must stay the same
 * from one rendering to the next: constants of a module.
 */
export function useRoomValue<T>(events: readonly (keyof RoomEvents)[], read: (room: Room) => T): T {
  const room = useRoom();
  const { subscribe, get } = useMemo(() => watch(room, events, read), [room, events, read]);
  return useSyncExternalStore(subscribe, get);
}
