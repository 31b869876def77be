import { parseUrl } from './url.js';

/** A piece of a message: plain text, or a link that is safe to follow. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const CANDIDATE = /\b(?:https?:\/\/|www\.)[^\s<>"']+/giu;

/** Cuts what ends a sentence rather than a link, and a bracket that was opened before it. */
function trim(candidate: string): string {
  let link = candidate;
  for (;;) {
    const last = link.at(-1);
    if (last === undefined) {
      return link;
    }
    const opened = last === ')' ? '(' : last === ']' ? '[' : null;
    const unbalanced = opened !== null && link.split(last).length > link.split(opened).length;
    if (!unbalanced && !'.,;:!?…»”’*'.includes(last)) {
      return link;
    }
    link = link.slice(0, -last.length);
  }
}

function hrefOf(candidate: string): string | null {
  const text = /^www\./i.test(candidate) ? `https://${candidate}` : candidate;
  const url = parseUrl(text);
  if (url === null) {
    return null;
  }
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  // "https://bank.example@evil.example" reads as one place and leads to another.
  return web && url.username === '' && url.password === '' ? url.href : null;
}

/** Splits a message at its links. Only http and https are ever made clickable. */
export function linkify(message: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of message.matchAll(CANDIDATE)) {
    const text = trim(match[0]);
    const href = hrefOf(text);
    if (href === null) {
      continue;
    }
    if (match.index > end) {
      pieces.push({ kind: 'text', text: message.slice(end, match.index) });
    }
    pieces.push({ kind: 'link', text, href });
    end = match.index + text.length;
  }
  if (end < message.length) {
    pieces.push({ kind: 'text', text: message.slice(end) });
  }
  return pieces;
}
