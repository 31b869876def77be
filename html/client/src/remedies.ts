/**
 * What a page can do about a failure:
 *
 * - `retry`: the same again, after a moment.
 * - `new-token`: get another join token from the site's back end, then again.
 * - `wait`: nothing can be done from here; it may be different later (a full or locked room).
 * - `ask`: only somebody else can change it: a moderator, or whoever runs the site.
 * - `allow`: the user has to allow the device, in the browser or in the system.
 * - `choose`: another device, file or place to store it.
 * - `free`: another program holds the device; it has to be closed first.
 * - `upgrade`: another browser, or HTTPS.
 * - `repair`: the page that uses the library does something wrong.
 * - `none`: it was meant so: somebody has cancelled, left or been put out.
 */
export type Remedy =
  | 'retry'
  | 'new-token'
  | 'wait'
  | 'ask'
  | 'allow'
  | 'choose'
  | 'free'
  | 'upgrade'
  | 'repair'
  | 'none';

/** The library's own codes. */
const OWN = {
  /** The caller's `AbortSignal` has fired. */
  aborted: 'none',
  /** The room was left, or the peer has gone. */
  closed: 'none',
  /** An argument or option makes no sense. */
  'invalid-argument': 'repair',
  /** No WebRTC, no devices, no screens in this browser, frame or on a page without HTTPS. */
  unsupported: 'upgrade',
  /** The server does not answer: no network, or a firewall. */
  unreachable: 'retry',
  /** The function that gives tokens has failed; `cause` says how. */
  'no-token': 'retry',
  /** Two browsers cannot agree; the connection is being built anew. */
  'negotiation-failed': 'retry',
  /** The user or the system said no. */
  'device-denied': 'allow',
  /** The device is not there (any more). */
  'device-gone': 'choose',
  /** Another program has the device. */
  'device-busy': 'free',
  'device-failed': 'retry',
  /** Of a file: this side or the other has stopped it. */
  cancelled: 'none',
  /** The receiver does not want the file. */
  declined: 'none',
  /** The peer has left before the end. */
  'peer-left': 'none',
  /** No connection has come back within two minutes. */
  'connection-lost': 'retry',
  /** The bytes are not those that were sent. */
  'hash-mismatch': 'retry',
  /** The other side does not keep to what it said, so that its file is refused. */
  'too-long': 'none',
  'too-fast': 'none',
  truncated: 'none',
  'protocol-error': 'none',
  /** The file cannot be written: the disk is full, or permission was taken back. */
  'sink-failed': 'choose',
  /** The file cannot be read: it was changed, moved or deleted since it was picked. */
  'file-unreadable': 'choose',
} as const satisfies Readonly<Record<string, Remedy>>;

/** Those of the server that a page meets (`docs/http-api.md`, `docs/signaling.md`). */
const SERVER = {
  'room-full': 'wait',
  'room-locked': 'ask',
  denied: 'ask',
  'token-revoked': 'ask',
  'identity-taken': 'ask',
  'not-moderator': 'ask',
  forbidden: 'ask',
  'guest-role': 'ask',
  'origin-not-allowed': 'ask',
  'room-not-found': 'ask',
  'token-expired': 'new-token',
  'token-required': 'new-token',
  'token-malformed': 'new-token',
  'token-unknown-key': 'new-token',
  'token-bad-algorithm': 'new-token',
  'token-bad-signature': 'new-token',
  'token-bad-claims': 'new-token',
  'token-wrong-audience': 'new-token',
  'token-not-yet-valid': 'retry',
  'key-rate': 'retry',
  unavailable: 'retry',
  restarting: 'retry',
  'zone-full': 'wait',
  'bad-message': 'repair',
} as const satisfies Readonly<Record<string, Remedy>>;

/** A code that this version knows, or any other that a server says. */
export type OtterCode = keyof typeof OWN | keyof typeof SERVER | (string & {});

/** By code. */
export const REMEDIES: Readonly<Record<string, Remedy | undefined>> = { ...OWN, ...SERVER };

/** For a code that is not in the table, by the status of the answer that it came with. */
export function remedyFor(code: OtterCode, status: number | undefined): Remedy {
  const known = Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : undefined;
  if (known) {
    return known;
  }
  if (status === 401) {
    return 'new-token';
  }
  if (status === undefined || status === 429 || status >= 500) {
    return 'retry';
  }
  return 'ask';
}
