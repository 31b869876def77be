import { useEffect } from 'react';

/** Keeps the screen lit for as long as the component is there, where the browser can. */
export function useWakeLock(): void {
  useEffect(() => {
    const { wakeLock } = navigator as { readonly wakeLock?: WakeLock };
    if (wakeLock === undefined) {
      return;
    }
    let live = true;
    let lock: WakeLockSentinel | null = null;
    // The browser takes it away whenever the page is out of sight.
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== 'visible' || (lock !== null && !lock.released)) {
        return;
      }
      const given = await wakeLock.request('screen').catch(() => null);
      if (live) {
        lock = given;
      } else {
        await given?.release();
      }
    };
    const look = (): void => {
      void ask();
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      live = false;
      document.removeEventListener('visibilitychange', look);
      void lock?.release();
    };
  }, []);
}
