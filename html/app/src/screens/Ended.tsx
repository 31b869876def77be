import { Check, House, Link, RotateCcw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { type Ending, mayRetry } from '../flow/ending.js';
import { useCopied } from '../lib/useCopied.js';
import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import { Frame } from '../ui/Frame.js';
import { Drifting } from './Drifting.js';
import styles from './Ended.module.css';

interface EndedProps {
  readonly ending: Ending;
  /** Whether there is a room to go back to. */
  readonly hasRoom: boolean;
  /** The link that led here, to be opened in a browser that can make calls. */
  readonly link: string;
  readonly onRetry: () => void;
  readonly onHome: () => void;
}

function retryText(ending: Ending): string {
  switch (ending) {
    case 'left':
      return t.ended.rejoin;
    case 'replaced':
      return t.ended.here;
    default:
      return t.ended.retry;
  }
}

function nothing(): void {
  // The address bar has the link as well.
}

/** The end of a call, or of an attempt to get into one, and the way out. */
export function Ended({ ending, hasRoom, link, onRetry, onHome }: EndedProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { title, text } = t.ended.endings[ending];
  const [copied, copy] = useCopied(link, nothing);
  const retry = hasRoom && mayRetry(ending);

  // The screen that had the focus is gone: what has happened is read out instead.
  useEffect(() => {
    heading.current?.focus();
  }, []);

  return (
    <Frame>
      <main className={styles.ended} data-testid="ended" data-ending={ending}>
        <Drifting />
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p>{text}</p>
        <div className={styles.actions}>
          {retry && (
            <Button look="primary" size="large" onClick={onRetry} data-testid="retry">
              <RotateCcw size={18} />
              {retryText(ending)}
            </Button>
          )}
          {ending === 'too-old' ? (
            <Button look="primary" size="large" onClick={copy} data-testid="copy">
              {copied ? <Check size={18} /> : <Link size={18} />}
              {copied ? t.call.copied : t.ended.copy}
            </Button>
          ) : (
            <Button
              look={retry ? 'secondary' : 'primary'}
              size="large"
              onClick={onHome}
              data-testid="home"
            >
              <House size={18} />
              {t.ended.home}
            </Button>
          )}
        </div>
      </main>
    </Frame>
  );
}
