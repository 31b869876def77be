import { type Outcome, useOutcome, useStore, useTransfer } from '@otter/react';
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
import { useEffect, useState } from 'react';
import type { Receipt } from '../files/receipt.js';
import { useRate } from '../files/useRate.js';
import { activeText, reasonText, refusalText } from '../files/words.js';
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

function stateText({ transfer, name, receipt }: Delivery, outcome: Outcome | null): string {
  const code = outcome === null || outcome.ok ? '' : outcome.code;
  switch (transfer.state) {
    case 'offered':
      return t.files.waiting;
    case 'done': {
      const saved = receipt?.view.get().place?.name;
      if (saved !== undefined) {
        return t.files.saved(saved);
      }
      return transfer.direction === 'in' ? t.files.received : t.files.sent;
    }
    case 'active':
      return '';
    case 'cancelled':
    case 'failed':
      return reasonText(transfer, code, name);
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
  readonly href: string | null;
}

function Actions({ delivery, entry, href }: ActionsProps) {
  const { transfer, receipt } = delivery;
  const offered = transfer.state === 'offered';
  if (offered || transfer.state === 'active') {
    const { here } = transfer.paused;
    // Whoever has pressed "Accept" by keyboard stands on "Pause" then: it is the same button.
    return (
      <div className={styles.actions}>
        <Button
          look="quiet"
          size="small"
          data-testid="file-cancel"
          onClick={() => {
            transfer.cancel();
          }}
        >
          {offered && receipt !== null ? t.files.decline : t.files.cancel}
        </Button>
        {offered && receipt !== null && (
          <Button
            key="go"
            look="primary"
            size="small"
            data-testid="file-accept"
            onClick={() => void receipt.accept()}
          >
            {t.files.accept}
          </Button>
        )}
        {!offered && (
          <Button
            key="go"
            size="small"
            data-testid={here ? 'file-resume' : 'file-pause'}
            onClick={() => {
              transfer.pause(!here);
            }}
          >
            {here ? t.files.resume : t.files.pause}
          </Button>
        )}
      </div>
    );
  }
  if (href === null) {
    return null;
  }
  return (
    <div className={styles.actions}>
      <a
        className={styles.download}
        href={href}
        download={entry.file.name}
        data-testid="file-download"
      >
        <Download size={16} aria-hidden="true" />
        {t.files.download}
      </a>
    </div>
  );
}

/** Where a received file can be saved from; null where it is none, or lies where it belongs. */
function useHref({ receipt }: Delivery, outcome: Outcome | null): string | null {
  const [href, setHref] = useState<string | null>(null);
  const done = outcome?.ok === true;

  useEffect(() => {
    const file = receipt?.view.get().place?.file;
    if (!done || file === undefined) {
      return;
    }
    let live = true;
    let made: string | null = null;
    file().then(
      (content) => {
        if (live) {
          made = URL.createObjectURL(content);
          setHref(made);
        }
      },
      () => undefined,
    );
    return () => {
      live = false;
      if (made !== null) {
        URL.revokeObjectURL(made);
      }
    };
  }, [receipt, done]);

  return outcome?.ok === true ? (outcome.href ?? href) : null;
}

function Refusal({ receipt }: { readonly receipt: Receipt }) {
  const { refused } = useStore(receipt.view);
  return (
    <p className={styles.refused} role="alert" data-testid="file-refused" data-refused={refused}>
      {refused !== null && refusalText(refused)}
    </p>
  );
}

interface ProgressProps {
  readonly delivery: Delivery;
  readonly entry: FileEntry;
}

/** The bar and what it means, in words. */
function Bar({ delivery, entry }: ProgressProps) {
  const { transfer, name } = delivery;
  const done = percent(transfer.transferred, transfer.size);
  const text = activeText(transfer, useRate(transfer), name);
  return (
    <>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={t.files.progressOf(entry.file.name)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={done}
        aria-valuetext={text}
        data-testid="file-progress"
      >
        <div style={{ width: `${String(done)}%` }} />
      </div>
      <span className={styles.state} data-testid="file-state">
        {text}
      </span>
    </>
  );
}

function Progress({ delivery, entry }: ProgressProps) {
  const { transfer, receipt } = delivery;
  useTransfer(transfer);
  const outcome = useOutcome(transfer);
  const href = useHref(delivery, outcome);
  const idle = transfer.state === 'active' || (transfer.state === 'offered' && !entry.own);
  return (
    <li
      className={styles.delivery}
      data-testid="file-transfer"
      data-state={transfer.state}
      data-waiting={transfer.waiting ?? 'nothing'}
    >
      {entry.own && <span className={styles.to}>{t.files.to(delivery.name)}</span>}
      {transfer.state === 'active' && <Bar delivery={delivery} entry={entry} />}
      {receipt !== null && transfer.state === 'offered' && <Refusal receipt={receipt} />}
      <div className={styles.row}>
        {!idle && (
          <span className={styles.state} data-state={transfer.state} data-testid="file-state">
            {transfer.state === 'done' && <Check size={15} aria-hidden="true" />}
            {stateText(delivery, outcome)}
          </span>
        )}
        {outcome?.ok === true && <Verified hash={outcome.sha256} />}
        <Actions delivery={delivery} entry={entry} href={href} />
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
