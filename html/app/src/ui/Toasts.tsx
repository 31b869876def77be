import { File, Hand, MessageSquare, TriangleAlert, UserRound, X } from 'lucide-react';
import type { Notice } from '../room/notices.js';
import { t } from '../strings.js';
import { IconButton } from './Button.js';
import styles from './Toasts.module.css';

const ICONS = {
  person: UserRound,
  message: MessageSquare,
  file: File,
  hand: Hand,
  trouble: TriangleAlert,
} as const;

interface ToastsProps {
  readonly notices: readonly Notice[];
  readonly onDismiss: (id: number) => void;
  /** Where a message or a file can be seen. */
  readonly onOpen: () => void;
}

/** Passing notices over the call. They are read out elsewhere, so here they are only seen. */
export function Toasts({ notices, onDismiss, onOpen }: ToastsProps) {
  return (
    <ul className={styles.toasts}>
      {notices.map((notice) => {
        const Icon = ICONS[notice.kind];
        const opens = notice.kind === 'message' || notice.kind === 'file';
        return (
          <li key={notice.id} data-testid="toast" data-kind={notice.kind}>
            <Icon size={18} aria-hidden="true" />
            {opens ? (
              <button
                type="button"
                className={styles.text}
                onClick={() => {
                  onDismiss(notice.id);
                  onOpen();
                }}
              >
                {notice.text}
              </button>
            ) : (
              <span className={styles.text}>{notice.text}</span>
            )}
            <IconButton
              label={t.close}
              onClick={() => {
                onDismiss(notice.id);
              }}
            >
              <X size={16} />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}
