import type { Room } from '@otter/client';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { ChatLog } from './chat-log.js';
import { FileLog } from './file-log.js';
import { ScreenShare } from './screen-share.js';

/** What lives as long as the room, whichever components come and go. */
export interface RoomModel {
  readonly room: Room;
  readonly chat: ChatLog;
  readonly files: FileLog;
  readonly share: ScreenShare;
}

const RoomContext = createContext<RoomModel | null>(null);

export interface RoomProviderProps {
  readonly room: Room;
  readonly children: ReactNode;
}

/** Gives a room to the hooks and components below it. It neither joins nor leaves the room. */
export function RoomProvider({ room, children }: RoomProviderProps) {
  const model = useMemo<RoomModel>(
    () => ({
      room,
      chat: new ChatLog(room),
      files: new FileLog(room),
      share: new ScreenShare(room),
    }),
    [room],
  );

  useEffect(() => {
    const off = [model.chat.start(), model.files.start(), model.share.stop];
    return () => {
      for (const stop of off) {
        stop();
      }
    };
  }, [model]);

  return <RoomContext.Provider value={model}>{children}</RoomContext.Provider>;
}

/** The room of the `RoomProvider` above, with what is kept beside it. */
export function useRoomModel(): RoomModel {
  const model = useContext(RoomContext);
  if (model === null) {
    throw new Error('There is no <RoomProvider> above this component.');
  }
  return model;
}

/** The room of the `RoomProvider` above. */
export function useRoom(): Room {
  return useRoomModel().room;
}
