import { isRoomName, toRoomName } from './room-name.js';
import { parseUrl } from './url.js';

/** What the address bar asks for. */
export type Route =
  | { readonly at: 'landing' }
  | { readonly at: 'check'; readonly token: string | null }
  | { readonly at: 'room'; readonly room: string; readonly token: string | null }
  | { readonly at: 'invalid' };

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The token in a fragment such as `#token=eyJ…`, or null. */
export function tokenOf(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');
  return token === null || token === '' ? null : token;
}

export function parseLocation(pathname: string, hash: string, prefix: string): Route {
  if (!pathname.startsWith(prefix)) {
    return { at: 'landing' };
  }
  const rest = pathname.slice(prefix.length);
  if (rest === '') {
    return { at: 'landing' };
  }
  if (rest === 'check') {
    return { at: 'check', token: tokenOf(hash) };
  }
  const match = /^room\/([^/]+)\/?$/.exec(rest);
  const room = match?.[1] === undefined ? null : decode(match[1]);
  if (room === null || !isRoomName(room)) {
    return { at: 'invalid' };
  }
  return { at: 'room', room, token: tokenOf(hash) };
}

export function roomPath(prefix: string, room: string): string {
  return `${prefix}room/${room}`;
}

export function checkPath(prefix: string): string {
  return `${prefix}check`;
}

/** The link to give to others. A token is personal: it is never part of it. */
export function inviteUrl(origin: string, prefix: string, room: string): string {
  return origin + roomPath(prefix, room);
}

/** What a person pasted or typed in order to join. */
export type JoinTarget =
  | { readonly kind: 'room'; readonly room: string; readonly token: string | null }
  | { readonly kind: 'elsewhere'; readonly url: string; readonly host: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'invalid' };

export interface Here {
  readonly origin: string;
  readonly host: string;
  readonly prefix: string;
}

function parseLink(text: string, here: Here): URL | null {
  if (/^https?:\/\//i.test(text)) {
    return parseUrl(text);
  }
  // People copy links without the scheme: "example.org/otter/room/x".
  const guess = `${here.origin.split('//')[0] ?? 'https:'}//${text}`;
  if (text.startsWith(`${here.host}/`) || /^[^\s/]+\.[^\s/]+\/\S*\/room\//.test(text)) {
    return parseUrl(guess);
  }
  return null;
}

export function parseJoinInput(input: string, here: Here): JoinTarget {
  const text = input.trim();
  if (text === '') {
    return { kind: 'empty' };
  }
  const link = parseLink(text, here);
  if (link !== null) {
    const route = parseLocation(link.pathname, link.hash, here.prefix);
    if (link.origin !== here.origin) {
      return { kind: 'elsewhere', url: link.href, host: link.host };
    }
    return route.at === 'room'
      ? { kind: 'room', room: route.room, token: route.token }
      : { kind: 'invalid' };
  }
  const room = toRoomName(text);
  return isRoomName(room) ? { kind: 'room', room, token: null } : { kind: 'invalid' };
}
