import { FileUp } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { t } from '../strings.js';
import styles from './DropTarget.module.css';

interface DropTargetProps {
  /** Names of those who will get the file. */
  readonly names: readonly string[];
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ReactNode;
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

/** Takes files that are dropped anywhere on the page. */
export function DropTarget({ names, onFiles, children }: DropTargetProps) {
  const [over, setOver] = useState(false);
  const take = useRef(onFiles);

  useEffect(() => {
    take.current = onFiles;
  });

  useEffect(() => {
    // The pointer enters and leaves every element on its way: only the balance counts.
    let depth = 0;
    const listen = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop') => {
      const handler = (event: DragEvent): void => {
        if (!carriesFiles(event)) {
          return;
        }
        // Without this the browser would open the file in place of the call.
        event.preventDefault();
        depth += type === 'dragenter' ? 1 : type === 'dragleave' ? -1 : 0;
        if (type === 'drop') {
          depth = 0;
          take.current([...(event.dataTransfer?.files ?? [])]);
        }
        setOver(depth > 0);
      };
      window.addEventListener(type, handler);
      return () => {
        window.removeEventListener(type, handler);
      };
    };
    const off = [listen('dragenter'), listen('dragover'), listen('dragleave'), listen('drop')];
    return () => {
      for (const stop of off) {
        stop();
      }
    };
  }, []);

  return (
    <>
      {children}
      {over && (
        <div className={styles.over} data-testid="drop-target">
          <div>
            <FileUp size={48} strokeWidth={1.5} aria-hidden="true" />
            <strong>{t.call.dropTitle}</strong>
            <span>{names.length === 0 ? t.call.dropNobody : t.call.dropTo(names)}</span>
          </div>
        </div>
      )}
    </>
  );
}
