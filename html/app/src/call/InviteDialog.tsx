import { Check, Link } from 'lucide-react';
import { useMemo } from 'react';
import { encode } from 'uqr';
import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import { Dialog } from '../ui/Dialog.js';
import styles from './InviteDialog.module.css';
import { pathOf } from './qr-path.js';

interface InviteDialogProps {
  readonly link: string;
  readonly copied: boolean;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}

/** The link to the room, to be copied or scanned. */
export function InviteDialog({ link, copied, onCopy, onClose }: InviteDialogProps) {
  const { size, data } = useMemo(() => encode(link, { ecc: 'M', border: 4 }), [link]);
  return (
    <Dialog title={t.people.inviteTitle} onClose={onClose}>
      <div className={styles.invite} data-testid="invite-dialog">
        <code>{link.replace(/^https?:\/\//, '')}</code>
        <Button look="primary" wide data-autofocus onClick={onCopy} data-testid="invite-copy">
          {copied ? <Check size={18} /> : <Link size={18} />}
          {copied ? t.call.copied : t.call.copy}
        </Button>
        <svg
          className={styles.code}
          viewBox={`0 0 ${size} ${size}`}
          role="img"
          aria-label={t.people.qr}
          shapeRendering="crispEdges"
          data-testid="qr"
        >
          <rect width={size} height={size} />
          <path d={pathOf(data)} />
        </svg>
        <p>{t.people.inviteScan}</p>
      </div>
    </Dialog>
  );
}
