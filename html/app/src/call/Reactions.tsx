import { useEffect, useRef } from 'react';
import { type Reaction, REACTIONS } from '../room/shouts.js';
import { t } from '../strings.js';
import styles from './Reactions.module.css';

interface ReactionsProps {
  readonly onReact: (reaction: Reaction) => void;
  readonly onClose: () => void;
}

/** A row of reactions over the controls; it stays open, since one is seldom enough. */
export function Reactions({ onReact, onClose }: ReactionsProps) {
  const ref = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const row = ref.current;
    const opener = document.activeElement;
    row?.querySelector('button')?.focus();
    const outside = (event: PointerEvent): void => {
      const { target } = event;
      if (target instanceof Element && target.closest('[data-reactions]') === null) {
        onClose();
      }
    };
    document.addEventListener('pointerdown', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      if (opener instanceof HTMLElement && opener.isConnected) {
        opener.focus();
      }
    };
  }, [onClose]);

  return (
    <div
      ref={ref}
      className={styles.row}
      role="group"
      aria-label={t.controls.react}
      data-reactions
      data-testid="reactions"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          event.preventDefault();
          onClose();
        }
      }}
    >
      {(Object.entries(REACTIONS) as [Reaction, string][]).map(([reaction, emoji]) => (
        <button
          key={reaction}
          type="button"
          aria-label={t.reactions[reaction]}
          title={t.reactions[reaction]}
          data-testid={`react-${reaction}`}
          onClick={() => {
            onReact(reaction);
          }}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}
