import type { ReactNode } from 'react';
import styles from './Frame.module.css';
import { LanguageSelect } from './LanguageSelect.js';
import { Wordmark } from './Logo.js';
import { ThemeToggle } from './ThemeToggle.js';

interface FrameProps {
  readonly children: ReactNode;
}

/** The page around everything that is not the call itself. */
export function Frame({ children }: FrameProps) {
  return (
    <div className={styles.frame}>
      <header className={styles.header}>
        <Wordmark />
        <div className={styles.tools}>
          <LanguageSelect />
          <ThemeToggle />
        </div>
      </header>
      {children}
    </div>
  );
}
