import type { Member } from '../room/call-store.js';
import { t } from '../strings.js';
import { Dialog } from '../ui/Dialog.js';
import styles from './VerifyDialog.module.css';

interface VerifyDialogProps {
  readonly person: Member;
  readonly onClose: () => void;
}

/** The code that two people compare by voice, to know that nobody sits between them. */
export function VerifyDialog({ person, onClose }: VerifyDialogProps) {
  const code = person.peer.verificationCode();
  return (
    <Dialog title={t.people.verify(person.name)} onClose={onClose}>
      {code === null ? (
        <p role="status">{t.people.verifyNone}</p>
      ) : (
        <div className={styles.verify} data-testid="verify">
          <p>{t.people.verifyText}</p>
          <p className={styles.emoji} data-testid="verify-emoji">
            {code.emoji.map((emoji, index) => (
              <span key={index}>{emoji}</span>
            ))}
          </p>
          <p
            className={styles.digits}
            aria-label={t.people.verifyDigits}
            role="group"
            data-testid="verify-digits"
          >
            {code.digits.join(' ')}
          </p>
        </div>
      )}
    </Dialog>
  );
}
