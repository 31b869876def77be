import { Store } from '@otter/react';
import { remembered } from './storage.js';

export type Theme = 'system' | 'light' | 'dark';

function isTheme(value: string | null): value is Theme {
  return value === 'system' || value === 'light' || value === 'dark';
}

function load(): Theme {
  const kept = remembered.get('theme');
  return isTheme(kept) ? kept : 'system';
}

export const theme = new Store<Theme>(load());

/** Writes the theme to the root element, where the style sheets look for it. */
export function applyTheme(root: HTMLElement): void {
  const chosen = theme.get();
  if (chosen === 'system') {
    delete root.dataset.theme;
  } else {
    root.dataset.theme = chosen;
  }
}

export function setTheme(chosen: Theme, root: HTMLElement): void {
  remembered.set('theme', chosen);
  theme.set(chosen);
  applyTheme(root);
}
