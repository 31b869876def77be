import { useMemo } from 'react';

/** A stream of one track, for a picture of one's own. */
export function useStreamOf(track: MediaStreamTrack | null): MediaStream | null {
  return useMemo(() => (track === null ? null : new MediaStream([track])), [track]);
}
