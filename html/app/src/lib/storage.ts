import { embedding } from '../embedding/embedding.js';

/**
 * What the page remembers. Storage can be switched off or full (private windows, embedded frames):
 * then things are remembered until the page is closed, and nothing else changes.
 */
export interface Memory {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

const PREFIX = 'otter.';

/** `wishes` come before what is kept, until something else is set. */
export function memory(
  open: () => Storage,
  wishes: ReadonlyMap<string, string> = new Map(),
): Memory {
  const wished = new Map(wishes);
  const fallback = new Map<string, string>();
  const attempt = <T>(action: (storage: Storage) => T): T | null => {
    try {
      return action(open());
    } catch {
      return null;
    }
  };
  return {
    get: (key) =>
      wished.get(key) ??
      attempt((storage) => storage.getItem(PREFIX + key)) ??
      fallback.get(key) ??
      null,
    set: (key, value) => {
      wished.delete(key);
      fallback.set(key, value);
      attempt((storage) => {
        storage.setItem(PREFIX + key, value);
      });
    },
    remove: (key) => {
      wished.delete(key);
      fallback.delete(key);
      attempt((storage) => {
        storage.removeItem(PREFIX + key);
      });
    },
  };
}

/** For good: name, devices, theme. */
export const remembered = memory(() => localStorage, embedding?.wishes);

/** For this tab, so that a reload works: tokens. */
export const tab = memory(() => sessionStorage);
