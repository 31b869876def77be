import { useEffect, useRef } from 'react';

/** Elements that the space bar does something to by itself. */
const TAKES_SPACE = 'button, a, input, select, textarea, summary, [role=slider], [contenteditable]';

interface Talk {
  readonly start: () => void;
  readonly stop: () => void;
}

function isFor(event: KeyboardEvent): boolean {
  const { target } = event;
  const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  return (
    event.code === 'Space' &&
    !modified &&
    !event.defaultPrevented &&
    document.querySelector('dialog[open], [role=menu]') === null &&
    !(target instanceof Element && target.closest(TAKES_SPACE) !== null)
  );
}

/**
 * Calls `start` when the space bar goes down outside of any control, and `stop` when it comes up,
 * or when the page can't see it come up any more.
 */
export function usePushToTalk(enabled: boolean, talk: Talk): void {
  const latest = useRef(talk);

  useEffect(() => {
    latest.current = talk;
  });

  useEffect(() => {
    if (!enabled) {
      return;
    }
    let held = false;
    const down = (event: KeyboardEvent): void => {
      if (!isFor(event)) {
        return;
      }
      // Or the page scrolls.
      event.preventDefault();
      if (!held && !event.repeat) {
        held = true;
        latest.current.start();
      }
    };
    const release = (): void => {
      if (held) {
        held = false;
        latest.current.stop();
      }
    };
    const up = (event: KeyboardEvent): void => {
      if (event.code === 'Space') {
        release();
      }
    };
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', release);
    document.addEventListener('visibilitychange', release);
    return () => {
      release();
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', release);
      document.removeEventListener('visibilitychange', release);
    };
  }, [enabled]);
}
