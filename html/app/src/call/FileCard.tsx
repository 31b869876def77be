import { type Outcome, useOutcome, useTransfer } from '@otter/react';
import {
  Check,
  Download,
  File as FileIcon,
  FileArchive,
  FileAudio,
  FileImage,
  FileText,
  FileVideo,
  ShieldCheck,
} from 'lucide-react';
import { formatBytes, percent } from '../lib/format.js';
import type { Delivery, FileEntry } from '../room/conversation.js';
import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import styles from './FileCard.module.css';

function iconOf(type: string) {
  const [group] = type.split('/');
  switch (group) {
    case 'image':
      return FileImage;
    case 'audio':
      return FileAudio;
    case 'video':
      return FileVideo;
    case 'text':
      return FileText;
    default:
      return /zip|tar|compressed/.test(type) ? FileArchive : FileIcon;
  }
}

function reasonOf(code: string): string | null {
  switch (code) {
    case 'declined':
      return t.files.declined;
    case 'cancelled':
      return t.files.cancelled;
    case 'hash-mismatch':
      return t.files.corrupted;
    case 'connection-lost':
    case 'closed':
      return t.files.lost;
    default:
      return null;
  }
}

function stateText({ transfer }: Delivery, outcome: Outcome | null): string {
  const code = outcome === null || outcome.ok ? '' : outcome.code;
  switch (transfer.state) {
    case 'offered':
      return t.files.waiting;
    case 'active':
      return t.files.progress(transfer.transferred, transfer.size);
    case 'done':
      return transfer.direction === 'in' ? t.files.received : t.files.sent;
    case 'cancelled':
      return reasonOf(code) ?? t.files.cancelled;
    case 'failed':
      return reasonOf(code) ?? t.files.failed;
  }
}

function Verified({ hash }: { readonly hash: string }) {
  return (
    <span
      className={styles.verified}
      title={t.files.verifiedHint(hash)}
      data-testid="file-verified"
      data-sha256={hash}
    >
      <ShieldCheck size={15} aria-hidden="true" />
      {t.files.verified}
      <span className="unseen">. {t.files.verifiedHint(hash)}</span>
    </span>
  );
}

interface ActionsProps {
  readonly delivery: Delivery;
  readonly entry: FileEntry;
  readonly outcome: Outcome | null;
}

function Actions({ delivery, entry, outcome }: ActionsProps) {
  const { transfer } = delivery;
  const cancel = (
    <Button
      look="quiet"
      size="small"
      data-testid="file-cancel"
      onClick={() => {
        transfer.cancel();
      }}
    >
      {transfer.state === 'offered' && transfer.direction === 'in'
        ? t.files.decline
        : t.files.cancel}
    </Button>
  );
  if (transfer.state === 'offered' && transfer.direction === 'in') {
    return (
      <div className={styles.actions}>
        {cancel}
        <Button
          look="primary"
          size="small"
          data-testid="file-accept"
          onClick={() => {
            transfer.accept();
          }}
        >
          {t.files.accept}
        </Button>
      </div>
    );
  }
  if (transfer.state === 'offered' || transfer.state === 'active') {
    return <div className={styles.actions}>{cancel}</div>;
  }
  if (outcome?.ok !== true || outcome.href === null) {
    return null;
  }
  return (
    <div className={styles.actions}>
      <a
        className={styles.download}
        href={outcome.href}
        download={entry.file.name}
        data-testid="file-download"
      >
        <Download size={16} aria-hidden="true" />
        {t.files.download}
      </a>
    </div>
  );
}

interface ProgressProps {
  readonly delivery: Delivery;
  readonly entry: FileEntry;
}

function Progress({ delivery, entry }: ProgressProps) {
  const { transfer } = delivery;
  useTransfer(transfer);
  const outcome = useOutcome(transfer);
  const done = percent(transfer.transferred, transfer.size);
  return (
    <li className={styles.delivery} data-testid="file-transfer" data-state={transfer.state}>
      {entry.own && <span className={styles.to}>{t.files.to(delivery.name)}</span>}
      {transfer.state === 'active' && (
        <div
          className={styles.bar}
          role="progressbar"
          aria-label={t.files.progressOf(entry.file.name)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={done}
        >
          <div style={{ width: `${String(done)}%` }} />
        </div>
      )}
      <div className={styles.row}>
        <span className={styles.state} data-state={transfer.state}>
          {transfer.state === 'done' && <Check size={15} aria-hidden="true" />}
          {transfer.state === 'offered' && !entry.own ? '' : stateText(delivery, outcome)}
        </span>
        {outcome?.ok === true && <Verified hash={outcome.sha256} />}
        <Actions delivery={delivery} entry={entry} outcome={outcome} />
      </div>
    </li>
  );
}

/** A file in the conversation: what it is, and how far each copy has come. */
export function FileCard({ entry }: { readonly entry: FileEntry }) {
  const Icon = iconOf(entry.file.type);
  return (
    <section
      className={styles.card}
      aria-label={t.files.card(entry.file.name)}
      data-testid="file-card"
    >
      <div className={styles.file}>
        <span className={styles.icon}>
          <Icon size={22} strokeWidth={1.75} aria-hidden="true" />
        </span>
        <span className={styles.what}>
          <strong title={entry.file.name}>{entry.file.name}</strong>
          <span>{formatBytes(entry.file.size, t.language)}</span>
        </span>
      </div>
      <ul>
        {entry.deliveries.map((delivery) => (
          <Progress
            key={delivery.transfer.id + delivery.transfer.peer}
            delivery={delivery}
            entry={entry}
          />
        ))}
      </ul>
    </section>
  );
}
