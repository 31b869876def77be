/** What the page shows of a join token. The server alone judges it. */
export interface TokenClaims {
  readonly identity: string | null;
  readonly name: string | null;
  readonly room: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
}

const NOTHING: TokenClaims = { identity: null, name: null, room: null, expiresAt: null };

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** Reads the payload of a JWT without verifying it; anything unreadable gives no claims. */
export function readClaims(token: string): TokenClaims {
  const payload = token.split('.')[1];
  if (payload === undefined) {
    return NOTHING;
  }
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims !== 'object' || claims === null) {
      return NOTHING;
    }
    const { sub, name, room, exp } = claims as Record<string, unknown>;
    return {
      identity: text(sub),
      name: text(name),
      room: text(room),
      expiresAt: typeof exp === 'number' ? exp * 1000 : null,
    };
  } catch {
    return NOTHING;
  }
}
