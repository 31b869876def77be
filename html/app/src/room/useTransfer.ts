import type { FileTransfer } from '@otter/client';
import { useEffect, useReducer, useState } from 'react';

/** Shows a transfer anew when it moves, at most once a frame. */
export function useTransfer(transfer: FileTransfer): void {
  const [, again] = useReducer((count: number) => count + 1, 0);

  useEffect(() => {
    let frame = 0;
    const changed = (): void => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        again();
      });
    };
    const off = [transfer.on('progress', changed), transfer.on('state', changed)];
    changed();
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of off) {
        stop();
      }
    };
  }, [transfer]);
}

export interface Received {
  readonly sha256: string;
  /** Address of the received file, to be saved from. */
  readonly href: string | null;
}

/** What a finished transfer left, null until then. */
export function useReceived(transfer: FileTransfer): Received | null {
  const [received, setReceived] = useState<Received | null>(null);

  useEffect(() => {
    let live = true;
    let href: string | null = null;
    transfer.done.then(
      ({ blob, sha256 }) => {
        if (live) {
          href = blob === undefined ? null : URL.createObjectURL(blob);
          setReceived({ sha256, href });
        }
      },
      () => undefined,
    );
    return () => {
      live = false;
      if (href !== null) {
        URL.revokeObjectURL(href);
      }
    };
  }, [transfer]);

  return received;
}
