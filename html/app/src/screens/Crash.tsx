import { Component, type ReactNode } from 'react';
import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import { Frame } from '../ui/Frame.js';
import { Drifting } from './Drifting.js';
import styles from './Ended.module.css';

interface CrashProps {
  readonly children: ReactNode;
}

interface CrashState {
  readonly crashed: boolean;
}

/** Stands between an error in the page and a blank one. */
export class Crash extends Component<CrashProps, CrashState> {
  override state: CrashState = { crashed: false };

  static getDerivedStateFromError(): CrashState {
    return { crashed: true };
  }

  override render(): ReactNode {
    if (!this.state.crashed) {
      return this.props.children;
    }
    return (
      <Frame>
        <main className={styles.ended} role="alert" data-testid="crashed">
          <Drifting />
          <h1>{t.crashed.title}</h1>
          <p>{t.crashed.text}</p>
          <div className={styles.actions}>
            <Button
              look="primary"
              size="large"
              onClick={() => {
                window.location.reload();
              }}
            >
              {t.crashed.reload}
            </Button>
          </div>
        </main>
      </Frame>
    );
  }
}
