import type { FileTransfer } from '@otter/client';
import { formatBytes, formatDuration } from '../lib/format.js';
import { t } from '../strings.js';
import { MOST_IN_MEMORY, type NoPlace } from './place.js';
import type { Rate } from './rate.js';

function isFull(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'QuotaExceededError';
}

/** Why a file did not arrive. `code` is that of the error; `other` is the person at the other end. */
export function reasonText(transfer: FileTransfer, code: string, other: string): string {
  switch (code) {
    case 'declined':
      return t.files.declined;
    case 'cancelled':
      return t.files.cancelled;
    case 'hash-mismatch':
    case 'truncated':
    case 'too-long':
      return t.files.corrupted;
    case 'connection-lost':
    case 'closed':
      return t.files.lost;
    case 'peer-left':
      return t.files.gone(other);
    case 'file-unreadable':
      return t.files.unreadable;
    case 'sink-failed':
      return isFull(transfer.error?.cause) ? t.files.full : t.files.unwritable;
    default:
      return transfer.state === 'cancelled' ? t.files.cancelled : t.files.failed;
  }
}

/** Why an offered file can't be taken. */
export function refusalText(refused: Exclude<NoPlace, 'closed'>): string {
  return refused === 'full' ? t.files.full : t.files.large(MOST_IN_MEMORY);
}

/** How far an active file is, and what it waits for or how long it will take. */
export function activeText(transfer: FileTransfer, rate: Rate | null, other: string): string {
  const parts = [t.files.progress(transfer.transferred, transfer.size)];
  if (transfer.waiting === 'connection') {
    parts.push(t.files.reconnecting);
  } else if (transfer.waiting === 'pause') {
    parts.push(transfer.paused.here ? t.files.paused : t.files.pausedBy(other));
  } else if (rate !== null) {
    parts.push(`${formatBytes(rate.speed, t.language)}/s`);
    if (rate.left !== null) {
      parts.push(t.files.left(formatDuration(rate.left)));
    }
  }
  return parts.join(' · ');
}
