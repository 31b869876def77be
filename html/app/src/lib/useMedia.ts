import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => {
        list.removeEventListener('change', listener);
      };
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Phones and small windows, as in the style sheets. */
export const NARROW = '(max-width: 760px)';

/** A pointer, and so most likely a keyboard: focusing a field covers nothing of the page. */
export const CAN_HOVER = '(hover: hover)';
