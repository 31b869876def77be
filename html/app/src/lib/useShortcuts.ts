import { useEffect, useRef } from 'react';
import { type Command, commandOf, takesText } from './shortcuts.js';
import { keysSetting } from './settings.js';

/** Runs commands by their keys, unless the person is typing, in a dialog, or wants no such keys. */
export function useShortcuts(run: (command: Command) => void, escape: () => void): void {
  const latest = useRef({ run, escape });

  useEffect(() => {
    latest.current = { run, escape };
  });

  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) {
        return;
      }
      if (event.key === 'Escape') {
        latest.current.escape();
        return;
      }
      const command = takesText(event.target) ? null : commandOf(event);
      if (command !== null && keysSetting.value.get()) {
        event.preventDefault();
        latest.current.run(command);
      }
    };
    window.addEventListener('keydown', pressed);
    return () => {
      window.removeEventListener('keydown', pressed);
    };
  }, []);
}
