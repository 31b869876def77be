import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import { Dialog } from '../ui/Dialog.js';
import styles from './EndAllDialog.module.css';

interface EndAllDialogProps {
  readonly onEnd: () => void;
  readonly onClose: () => void;
}

export function EndAllDialog({ onEnd, onClose }: EndAllDialogProps) {
  return (
    <Dialog title={t.call.endAllTitle} onClose={onClose}>
      <p>{t.call.endAllText}</p>
      <div className={styles.actions}>
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button look="danger" onClick={onEnd} data-testid="end-all">
          {t.controls.endAll}
        </Button>
      </div>
    </Dialog>
  );
}
