import { OtterError } from '@otter/client';
import type { Delivery } from '../room/conversation.js';
import { t } from '../strings.js';
import { reasonText } from './words.js';

/** What is read out when a transfer stands still, null where it does not. */
function standstill({ transfer, name }: Delivery): string | null {
  switch (transfer.waiting) {
    case 'connection':
      return t.files.reconnecting;
    case 'pause':
      return transfer.paused.here ? t.files.paused : t.files.pausedBy(name);
    default:
      return null;
  }
}

/** Has the turns of a transfer read out to someone who can't see its card; the answer ends that. */
export function watchDelivery(delivery: Delivery, announce: (text: string) => void): () => void {
  const { transfer } = delivery;
  let last: string | null = null;
  let live = true;
  const tell = (text: string): void => {
    if (live) {
      announce(text);
    }
  };
  const off = transfer.on('state', () => {
    const now = standstill(delivery);
    if (now !== null && now !== last) {
      tell(`${transfer.name}: ${now}`);
    }
    last = now;
  });
  transfer.done.then(
    () => {
      const said = transfer.direction === 'in' ? t.files.arrived : t.files.delivered;
      tell(said(transfer.name));
    },
    (error: unknown) => {
      const code = error instanceof OtterError ? error.code : '';
      tell(t.files.notArrived(transfer.name, reasonText(transfer, code, delivery.name)));
    },
  );
  return () => {
    live = false;
    off();
  };
}
