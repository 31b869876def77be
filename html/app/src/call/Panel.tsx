import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useId, useRef } from 'react';
import { t } from '../strings.js';
import { IconButton } from '../ui/Button.js';
import styles from './Panel.module.css';

interface PanelProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly testId: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A column beside the call; on a phone it covers it. */
export function Panel({ title, aside, testId, onClose, children }: PanelProps) {
  const id = useId();
  const ref = useRef<HTMLElement>(null);

  // Focus goes where the person's attention goes, and back when the panel closes.
  useEffect(() => {
    const opener = document.activeElement;
    const panel = ref.current;
    (panel?.querySelector<HTMLElement>('[data-autofocus]') ?? panel)?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) {
        opener.focus();
      }
    };
  }, []);

  return (
    <aside
      ref={ref}
      className={styles.panel}
      aria-labelledby={id}
      tabIndex={-1}
      data-testid={testId}
    >
      <header className={styles.header}>
        <h2 id={id}>{title}</h2>
        {aside}
        <IconButton label={t.close} onClick={onClose} data-testid={`${testId}-close`}>
          <X size={20} />
        </IconButton>
      </header>
      {children}
    </aside>
  );
}
