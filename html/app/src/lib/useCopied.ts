import { useCallback, useEffect, useState } from 'react';
import { copyText } from './copy.js';

const SHOWN_MS = 2500;

/** Copies a text and says for a moment that it did. */
export function useCopied(text: string | null, onFailure: () => void): [boolean, () => void] {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) {
      return;
    }
    const timer = setTimeout(() => {
      setCopied(false);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);

  const copy = useCallback(() => {
    if (text === null) {
      return;
    }
    void copyText(text).then((done) => {
      setCopied(done);
      if (!done) {
        onFailure();
      }
    });
  }, [text, onFailure]);

  return [copied, copy];
}
