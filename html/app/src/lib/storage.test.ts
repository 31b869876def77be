import { expect, test } from 'vitest';
import { memory } from './storage.js';

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => {
      kept.clear();
    },
    getItem: (key) => kept.get(key) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => {
      kept.delete(key);
    },
    setItem: (key, value) => {
      kept.set(key, value);
    },
  };
}

test('keeps what it is given under names of its own', () => {
  const under = storage();
  const kept = memory(() => under);
  kept.set('name', 'Ada');
  expect(kept.get('name')).toBe('Ada');
  expect(under.getItem('otter.name')).toBe('Ada');
  kept.remove('name');
  expect(kept.get('name')).toBeNull();
});

test('works without storage for as long as the page lives', () => {
  const kept = memory(() => {
    throw new DOMException('no', 'SecurityError');
  });
  expect(kept.get('name')).toBeNull();
  kept.set('name', 'Ada');
  expect(kept.get('name')).toBe('Ada');
  kept.remove('name');
  expect(kept.get('name')).toBeNull();
});
