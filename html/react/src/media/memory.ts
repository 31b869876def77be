/** Where choices are kept from one call to the next: `localStorage` has this shape. */
export interface MediaMemory {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

/** Keeps choices for as long as the page is open. */
export function forgetful(): MediaMemory {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => {
      kept.set(key, value);
    },
  };
}
