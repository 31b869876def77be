import { type FileTransfer, OtterError } from '@otter/client';
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

/** How a transfer ended. */
export type Outcome =
  | {
      readonly ok: true;
      readonly sha256: string;
      /** Address of the received file, to be saved from; null on the sender's side. */
      readonly href: string | null;
    }
  | { readonly ok: false; readonly code: string };

/** The end of a transfer, null until then. */
export function useOutcome(transfer: FileTransfer): Outcome | null {
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  useEffect(() => {
    let live = true;
    let href: string | null = null;
    transfer.done.then(
      ({ blob, sha256 }) => {
        if (live) {
          href = blob === undefined ? null : URL.createObjectURL(blob);
          setOutcome({ ok: true, sha256, href });
        }
      },
      (error: unknown) => {
        if (live) {
          setOutcome({ ok: false, code: error instanceof OtterError ? error.code : 'failed' });
        }
      },
    );
    return () => {
      live = false;
      if (href !== null) {
        URL.revokeObjectURL(href);
      }
    };
  }, [transfer]);

  return outcome;
}
