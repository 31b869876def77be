import type { Off } from './emitter.js';

/** Listens on the window; does nothing where there is none (workers, tests). */
export function onWindow(event: 'online' | 'offline' | 'pagehide', handler: () => void): Off {
  return listen(globalThis as Partial<EventTarget>, event, handler);
}

/** Called when the page becomes visible again. */
export function onVisible(handler: () => void): Off {
  const page = (globalThis as { readonly document?: Document }).document;
  return listen(page ?? {}, 'visibilitychange', () => {
    if (page?.visibilityState === 'visible') {
      handler();
    }
  });
}

function listen(target: Partial<EventTarget>, event: string, handler: () => void): Off {
  target.addEventListener?.(event, handler);
  return () => {
    target.removeEventListener?.(event, handler);
  };
}
