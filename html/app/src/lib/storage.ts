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

export function memory(open: () => Storage): Memory {
  const fallback = new Map<string, string>();
  const attempt = <T>(action: (storage: Storage) => T): T | null => {
    try {
      return action(open());
    } catch {
      return null;
    }
  };
  return {
    get: (key) => attempt((storage) => storage.getItem(PREFIX + key)) ?? fallback.get(key) ?? null,
    set: (key, value) => {
      fallback.set(key, value);
      attempt((storage) => {
        storage.setItem(PREFIX + key, value);
      });
    },
    remove: (key) => {
      fallback.delete(key);
      attempt((storage) => {
        storage.removeItem(PREFIX + key);
      });
    },
  };
}

/** For good: name, devices, theme. */
export const remembered = memory(() => localStorage);

/** For this tab, so that a reload works: tokens. */
export const tab = memory(() => sessionStorage);
