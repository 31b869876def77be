import { Check, Link } from 'lucide-react';
import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import { Mark } from '../ui/Logo.js';
import styles from './Invitation.module.css';

interface InvitationProps {
  /** The link to give away; null where everyone needs one of their own. */
  readonly link: string | null;
  readonly copied: boolean;
  readonly onCopy: () => void;
}

/** Takes the place of the others while nobody is there. */
export function Invitation({ link, copied, onCopy }: InvitationProps) {
  return (
    <section className={styles.invitation} aria-label={t.people.inviteTitle}>
      <div className={styles.inner}>
        <Mark size={56} />
        <h2>{t.call.alone}</h2>
        <p>{link === null ? t.call.alonePersonal : t.call.aloneText}</p>
        {link !== null && (
          <>
            <code data-testid="invite-link">{link.replace(/^https?:\/\//, '')}</code>
            <Button look="primary" onClick={onCopy} data-testid="copy-invite">
              {copied ? <Check size={18} /> : <Link size={18} />}
              {copied ? t.call.copied : t.call.copy}
            </Button>
          </>
        )}
      </div>
    </section>
  );
}
