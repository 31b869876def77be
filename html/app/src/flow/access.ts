import { OtterError } from '@otter/client';
import type { AppConfig } from '../config.js';
import { tab } from '../lib/storage.js';

/** A token the server gave to a guest; kept for this tab, so that a reload stays the same person. */
interface GuestToken {
  readonly token: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A token that ends within this time is not worth joining with. */
const MARGIN_MS = 60_000;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Asks the server and answers its JSON, or throws what went wrong as an `OtterError`. */
async function ask(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, cache: 'no-store', credentials: 'same-origin' });
  } catch (cause) {
    if (init.signal?.aborted === true) {
      throw new OtterError('aborted', 'given up', { cause });
    }
    throw new OtterError('unreachable', 'the server does not answer', { cause });
  }
  const body: unknown = await response.json().catch(() => null);
  const answer = isRecord(body) ? body : {};
  if (!response.ok) {
    const { status } = response;
    throw new OtterError(text(answer.code) ?? 'refused', text(answer.detail) ?? '', { status });
  }
  return answer;
}

/** Rejects with the problem that joining with this token would meet. */
export async function checkSession(
  config: AppConfig,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  await ask(`${config.prefix}session`, { headers: { Authorization: `Bearer ${token}` }, signal });
}

/** Closes a room, with the token of one of its moderators. */
export async function closeRoom(
  config: AppConfig,
  { room, token }: { readonly room: string; readonly token: string | null },
): Promise<void> {
  await ask(`${config.prefix}rooms/${encodeURIComponent(room)}`, {
    method: 'DELETE',
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
  });
}

function keptToken(room: string, name: string): string | null {
  let kept: unknown;
  try {
    kept = JSON.parse(tab.get(`guest:${room}`) ?? 'null');
  } catch {
    return null;
  }
  if (!isRecord(kept)) {
    return null;
  }
  const { token, name: keptName, expiresAt } = kept;
  const usable =
    typeof token === 'string' &&
    keptName === name &&
    typeof expiresAt === 'number' &&
    expiresAt > Date.now() + MARGIN_MS;
  return usable ? token : null;
}

export interface Guest {
  readonly room: string;
  readonly name: string;
  /** Who the guest has been so far, to stay the same person with another token. */
  readonly identity: string | null;
}

/** A guest's token for a room: the one of this tab while it lasts, else a new one. */
export async function guestToken(
  config: AppConfig,
  { room, name, identity }: Guest,
): Promise<string> {
  const kept = keptToken(room, name);
  if (kept !== null) {
    return kept;
  }
  const answer = await ask(`${config.prefix}token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ room, name, ...(identity === null ? {} : { identity }) }),
  });
  const token = text(answer.token);
  if (token === undefined) {
    throw new OtterError('unreachable', 'the server gave no token');
  }
  const expiresAt = Date.parse(text(answer.expires_at) ?? '');
  const guest: GuestToken = { token, name, expiresAt: Number.isNaN(expiresAt) ? 0 : expiresAt };
  tab.set(`guest:${room}`, JSON.stringify(guest));
  return token;
}

/** Forgets a guest's token, so that the next one is asked for anew. */
export function forgetGuest(room: string): void {
  tab.remove(`guest:${room}`);
}

/** The token of a join link outlives the fragment, which is taken out of the address bar. */
export function keepLinkToken(room: string, token: string): void {
  tab.set(`token:${room}`, token);
}

export function keptLinkToken(room: string): string | null {
  return tab.get(`token:${room}`);
}

export function forgetLinkToken(room: string): void {
  tab.remove(`token:${room}`);
}

/** Address of the signaling socket beside this page. */
export function socketUrl(location: Location, prefix: string): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}${prefix}ws`;
}
