import type { Verdict } from '@otter/client';

export const ITEMS = ['camera', 'microphone', 'socket', 'stun', 'udp', 'tcp', 'tls'] as const;

export type Item = (typeof ITEMS)[number];

/** What the page has words for. */
export type Code =
  | 'insecure'
  | 'unsupported'
  | 'denied'
  | 'not-found'
  | 'busy'
  | 'timeout'
  | 'failed'
  | 'no-picture'
  | 'silent'
  | 'unreachable'
  | 'refused'
  | 'blocked'
  | 'mute'
  | 'no-echo'
  | 'no-server'
  | 'no-answer'
  | 'no-relay'
  | 'unauthorized'
  | 'no-room'
  | 'swallowed'
  | 'no-token';

export interface Result {
  readonly verdict: Verdict<string>['verdict'];
  /** Null where there is nothing to explain. */
  readonly code: Code | null;
  readonly ms: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

export type Results = ReadonlyMap<Item, Result>;

/** The same word means something else for a relay than for the server. */
const OF_RELAYS: Readonly<Partial<Record<string, Code>>> = {
  unreachable: 'no-relay',
  refused: 'no-room',
  mute: 'swallowed',
};

const RELAYS: ReadonlySet<Item> = new Set<Item>(['udp', 'tcp', 'tls']);

export function resultOf(item: Item, found: Verdict<string>): Result {
  const { verdict, code, ms } = found;
  const told = RELAYS.has(item) ? (OF_RELAYS[code] ?? code) : code === 'gone' ? 'not-found' : code;
  return {
    verdict,
    code: told === 'ok' ? null : (told as Code),
    ms,
    facts: { ...found.facts },
  };
}

export const SKIPPED: Result = { verdict: 'skipped', code: 'no-token', ms: 0, facts: {} };

export type Summary = 'good' | 'fair' | 'bad';

/** Whether a call would work: the server must be reached, and one way for media must be open. */
export function summaryOf(results: Results): Summary {
  const is = (item: Item, verdict: Result['verdict']): boolean =>
    results.get(item)?.verdict === verdict;
  const ways = (['stun', 'udp', 'tcp', 'tls'] as const).filter((item) => results.has(item));
  const tried = ways.filter((item) => !is(item, 'skipped'));
  const closed = tried.length > 0 && tried.every((item) => is(item, 'failed'));
  if (is('socket', 'failed') || closed) {
    return 'bad';
  }
  const flawed = [...results.values()].some(
    ({ verdict }) => verdict === 'failed' || verdict === 'limited',
  );
  return flawed ? 'fair' : 'good';
}

/** A report for whoever helps, in stable words. No token, no password, no name is in it. */
export function reportOf(
  results: Results,
  about: { readonly at: Date; readonly origin: string; readonly agent: string },
): string {
  const lines = ITEMS.filter((item) => results.has(item)).map((item) => {
    const result = results.get(item) ?? SKIPPED;
    const facts = Object.entries(result.facts)
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join(' ');
    const code = result.code === null ? '' : ` (${result.code})`;
    return `${item}: ${result.verdict}${code} ${Math.round(result.ms)} ms ${facts}`.trim();
  });
  return [
    `Otter network check, ${about.at.toISOString()}`,
    about.origin,
    about.agent,
    `summary: ${summaryOf(results)}`,
    ...lines,
  ].join('\n');
}
