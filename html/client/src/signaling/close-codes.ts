/**
 * What a close code of the signaling socket asks this side to do.
 *
 * - `resume`: connect again and continue the session.
 * - `rejoin`: connect again with a new session; continuing would repeat what failed.
 * - `token`: as `resume`, but with a fresh token, and the end without a way to get one.
 * - `end`: the server does not want this session any more.
 */
export type CloseAction = 'resume' | 'rejoin' | 'token' | 'end';

interface CloseCode {
  readonly action: CloseAction;
  readonly reason: string;
}

const CLOSE_CODES: Readonly<Record<number, CloseCode>> = {
  1000: { action: 'end', reason: 'left' },
  1001: { action: 'resume', reason: 'going-away' },
  1002: { action: 'rejoin', reason: 'protocol-error' },
  1003: { action: 'rejoin', reason: 'unsupported-data' },
  1006: { action: 'resume', reason: 'connection-lost' },
  1007: { action: 'rejoin', reason: 'invalid-data' },
  1009: { action: 'rejoin', reason: 'message-too-big' },
  1011: { action: 'resume', reason: 'server-error' },
  1012: { action: 'resume', reason: 'restart' },
  4401: { action: 'token', reason: 'token-expired' },
  4403: { action: 'end', reason: 'kicked' },
  4404: { action: 'end', reason: 'room-closed' },
  4408: { action: 'resume', reason: 'pong-timeout' },
  4409: { action: 'end', reason: 'replaced' },
  4413: { action: 'resume', reason: 'too-slow' },
  4429: { action: 'resume', reason: 'too-fast' },
  4503: { action: 'resume', reason: 'bus-lost' },
};

/** Codes that are not in the table are taken for a lost connection. */
export function closeCode(code: number): CloseCode {
  return CLOSE_CODES[code] ?? { action: 'resume', reason: 'connection-lost' };
}
