import { useStore } from '@otter/react';
import { Moon, Sun } from 'lucide-react';
import { setTheme, theme } from '../lib/theme.js';
import { useMedia } from '../lib/useMedia.js';
import { t } from '../strings.js';
import { IconButton } from './Button.js';

/** Switches between day and night; the settings also offer to follow the system. */
export function ThemeToggle() {
  const chosen = useStore(theme);
  const system = useMedia('(prefers-color-scheme: dark)');
  const dark = chosen === 'dark' || (chosen === 'system' && system);
  return (
    <IconButton
      label={dark ? t.theme.toLight : t.theme.toDark}
      data-testid="theme-toggle"
      onClick={() => {
        setTheme(dark ? 'light' : 'dark', document.documentElement);
      }}
    >
      {dark ? <Sun size={20} /> : <Moon size={20} />}
    </IconButton>
  );
}
