/** Why a call is over, or could not begin. Every one has its own words and way out. */
export type Ending =
  | 'left'
  | 'closed'
  | 'kicked'
  | 'denied'
  | 'replaced'
  | 'taken'
  | 'expired'
  | 'full'
  | 'locked'
  | 'refused'
  | 'invalid-token'
  | 'invitation-needed'
  | 'invalid-link'
  | 'busy'
  | 'unreachable'
  | 'lost'
  | 'too-old';

/** What a failure carries: an `OtterError` has these, and so has a problem+json answer. */
export interface Failure {
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  readonly closeCode?: number | null | undefined;
}

const BY_CLOSE_CODE = new Map<number, Ending>([
  [1000, 'left'],
  [4401, 'expired'],
  [4403, 'kicked'],
  [4404, 'closed'],
  [4409, 'replaced'],
]);

const BY_CODE = new Map<string, Ending>([
  ['token-expired', 'expired'],
  ['token-revoked', 'kicked'],
  ['identity-taken', 'taken'],
  ['zone-full', 'busy'],
  ['room-full', 'full'],
  ['room-locked', 'locked'],
  ['room-closed', 'closed'],
  ['kicked', 'kicked'],
  ['replaced', 'replaced'],
  ['unreachable', 'unreachable'],
]);

const BY_STATUS = new Map<number, Ending>([
  [401, 'invalid-token'],
  [403, 'refused'],
  [404, 'closed'],
  [409, 'full'],
  [429, 'busy'],
  [503, 'busy'],
]);

/** Sorts a failure by the most telling thing known about it. */
export function endingOf(failure: Failure): Ending {
  if (failure.code === 'denied') {
    // It is closed with the same code as whoever is put out.
    return 'denied';
  }
  return (
    BY_CLOSE_CODE.get(failure.closeCode ?? 0) ??
    BY_CODE.get(failure.code ?? '') ??
    BY_STATUS.get(failure.status ?? 0) ??
    (failure.closeCode === undefined || failure.closeCode === null ? 'unreachable' : 'lost')
  );
}

/** Where to go from an ending. Whoever was sent away is not shown the door back in. */
export function mayRetry(ending: Ending): boolean {
  switch (ending) {
    case 'left':
    case 'replaced':
    case 'taken':
    case 'full':
    case 'locked':
    case 'busy':
    case 'unreachable':
    case 'lost':
      return true;
    case 'closed':
    case 'kicked':
    case 'denied':
    case 'expired':
    case 'refused':
    case 'invalid-token':
    case 'invitation-needed':
    case 'invalid-link':
    case 'too-old':
      return false;
  }
}
