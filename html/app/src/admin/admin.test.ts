import { describe, expect, test } from 'vitest';
import { metricsOf, roomOf } from './api.js';
import { addSample, gauge, rate, type Sample, valueOf } from './history.js';

describe('what the server says', () => {
  test('is taken as far as it is what it should be', () => {
    expect(
      roomOf({ room: 'den', status: 'open', peers: [{ id: 'a', name: 7 }, { odd: 1 }] }),
    ).toEqual({
      room: 'den',
      status: 'open',
      locked: false,
      lobby: false,
      relay_only: false,
      max_peers: 0,
      peers: [{ id: 'a', identity: '', name: '', role: '', joined_at: '' }],
      created_at: '',
    });
    expect(roomOf({ name: 'den' })).toBeNull();
    expect(roomOf(null)).toBeNull();
  });

  test('metrics are numbers, plain or by label', () => {
    expect(
      metricsOf({
        version: '1',
        sessions: 2,
        rooms: { open: 1 },
        relay: { buckets: [], count: 3 },
      }),
    ).toEqual({ sessions: 2, rooms: { open: 1 }, relay: { count: 3 } });
    expect(metricsOf('nonsense')).toEqual({});
  });
});

describe('history', () => {
  const at = (seconds: number, joins: number): Sample => ({
    at: seconds * 1000,
    metrics: { joins, rooms: { open: 1, full: joins } },
  });

  test('labels are added up, and what is not there is nothing', () => {
    expect(valueOf(at(0, 4).metrics, 'rooms')).toBe(5);
    expect(valueOf(at(0, 4).metrics, 'none')).toBe(0);
  });

  test('a rate is what was added, by time; a restart is no fall', () => {
    const history = [at(0, 10), at(2, 14), at(4, 3), at(4, 5), at(5, 6)];
    expect(rate(history, 'joins')).toEqual([
      { at: 2000, value: 2 },
      { at: 4000, value: 0 },
      { at: 5000, value: 1 },
    ]);
    expect(gauge(history, 'joins').map(({ value }) => value)).toEqual([10, 14, 3, 5, 6]);
    expect(rate([], 'joins')).toEqual([]);
  });

  test('does not grow without end', () => {
    let history: readonly Sample[] = [];
    for (let second = 0; second < 500; second += 1) {
      history = addSample(history, at(second, second));
    }
    expect(history).toHaveLength(480);
    expect(history[0]?.at).toBe(20_000);
  });
});
