import { useState } from 'react';

/**
 * Whom to show large: whoever speaks, and when several do, or nobody does, whoever did before, so
 * that the picture does not jump to and fro. This side never.
 */
export function nextSpeaker(
  before: string | null,
  speaking: ReadonlySet<string>,
  present: readonly string[],
): string | null {
  if (before !== null && present.includes(before) && speaking.has(before)) {
    return before;
  }
  const other = present.find((key) => speaking.has(key));
  if (other !== undefined) {
    return other;
  }
  return before !== null && present.includes(before) ? before : (present[0] ?? null);
}

export function useActiveSpeaker(
  speaking: ReadonlySet<string>,
  present: readonly string[],
): string | null {
  const [speaker, setSpeaker] = useState<string | null>(null);
  const next = nextSpeaker(speaker, speaking, present);
  if (next !== speaker) {
    setSpeaker(next);
  }
  return next;
}
