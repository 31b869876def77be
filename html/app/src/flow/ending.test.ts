import { expect, test } from 'vitest';
import { type Ending, endingOf, type Failure, mayRetry } from './ending.js';

test.each<[Failure, Ending]>([
  [{ closeCode: 1000, code: 'left' }, 'left'],
  [{ closeCode: 4401 }, 'expired'],
  [{ closeCode: 4403, code: 'kicked' }, 'kicked'],
  [{ closeCode: 4403, code: 'denied' }, 'denied'],
  [{ closeCode: 4404 }, 'closed'],
  [{ closeCode: 4409 }, 'replaced'],
  [{ closeCode: 1006, code: 'connection-lost' }, 'lost'],
  [{ status: 401, code: 'token-expired' }, 'expired'],
  [{ status: 401, code: 'token-bad-signature' }, 'invalid-token'],
  [{ status: 401, code: 'token-revoked' }, 'kicked'],
  [{ status: 403, code: 'origin-not-allowed' }, 'refused'],
  [{ status: 403, code: 'room-locked' }, 'locked'],
  [{ status: 404, code: 'room-not-found' }, 'closed'],
  [{ status: 409, code: 'room-full' }, 'full'],
  [{ status: 409, code: 'identity-taken' }, 'taken'],
  [{ status: 409 }, 'full'],
  [{ status: 429 }, 'busy'],
  [{ status: 503, code: 'zone-full' }, 'busy'],
  [{ code: 'unreachable' }, 'unreachable'],
  [{}, 'unreachable'],
  [{ closeCode: null }, 'unreachable'],
])('%j is %s', (failure, ending) => {
  expect(endingOf(failure)).toBe(ending);
});

test('whoever was sent away is not shown the door back in', () => {
  expect(mayRetry('kicked')).toBe(false);
  expect(mayRetry('denied')).toBe(false);
  expect(mayRetry('closed')).toBe(false);
  expect(mayRetry('expired')).toBe(false);
});

test('what may pass can be tried again', () => {
  for (const ending of ['left', 'full', 'locked', 'busy', 'unreachable', 'lost'] as const) {
    expect(mayRetry(ending)).toBe(true);
  }
});
