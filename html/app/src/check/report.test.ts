import { describe, expect, test } from 'vitest';
import { type Item, reportOf, type Result, resultOf, SKIPPED, summaryOf } from './report.js';

function result(verdict: Result['verdict']): Result {
  return { verdict, code: null, ms: 1, facts: {} };
}

function all(verdicts: Partial<Record<Item, Result['verdict']>>): Map<Item, Result> {
  const items = ['camera', 'microphone', 'socket', 'stun', 'udp', 'tcp', 'tls'] as const;
  return new Map(items.map((item) => [item, result(verdicts[item] ?? 'passed')]));
}

describe('calls work', () => {
  test.each<[Partial<Record<Item, Result['verdict']>>, string]>([
    [{}, 'good'],
    [{ tls: 'skipped', udp: 'skipped', tcp: 'skipped', stun: 'skipped' }, 'good'],
    [{ camera: 'failed' }, 'fair'],
    [{ microphone: 'limited' }, 'fair'],
    [{ stun: 'failed', udp: 'failed' }, 'fair'],
    [{ stun: 'failed', udp: 'failed', tcp: 'failed', tls: 'failed' }, 'bad'],
    [{ stun: 'failed', udp: 'skipped', tcp: 'skipped', tls: 'skipped' }, 'bad'],
    [{ socket: 'failed' }, 'bad'],
  ])('with %j: %s', (verdicts, summary) => {
    expect(summaryOf(all(verdicts))).toBe(summary);
  });
});

test('the same code has other words for a relay than for the server', () => {
  const found = { verdict: 'failed', code: 'unreachable', ms: 3, facts: {} } as const;
  expect(resultOf('socket', found).code).toBe('unreachable');
  expect(resultOf('tls', found).code).toBe('no-relay');
  expect(resultOf('camera', { ...found, code: 'gone' }).code).toBe('not-found');
  expect(resultOf('tcp', { ...found, verdict: 'passed', code: 'ok' }).code).toBeNull();
});

test('a report says what was found', () => {
  const results = all({}).set('stun', { ...SKIPPED, facts: { address: '192.0.2.1' } });
  const report = reportOf(results, {
    at: new Date(0),
    origin: 'https://example.org',
    agent: 'Browser/1',
  });
  expect(report.split('\n').slice(0, 4)).toEqual([
    'Otter network check, 1970-01-01T00:00:00.000Z',
    'https://example.org',
    'Browser/1',
    'summary: good',
  ]);
  expect(report).toContain('camera: passed 1 ms');
  expect(report).toContain('stun: skipped (no-token) 0 ms address="192.0.2.1"');
});
