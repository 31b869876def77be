import { expect, test } from 'vitest';
import { memory } from '../lib/storage.js';
import { embeddingOf } from './embedding.js';

const nothing = { token: null, name: null, theme: null, language: null };

test('what the site asks for goes by the names of what the page remembers', () => {
  const { origin, wishes } = embeddingOf({
    origin: 'https://site.example',
    token: 'e.y.J',
    name: 'Ann',
    theme: 'dark',
    language: 'PT-br',
  });
  expect(origin).toBe('https://site.example');
  expect(Object.fromEntries(wishes)).toEqual({ name: 'Ann', theme: 'dark', language: 'pt' });
});

test('what it does not ask for is left to the person', () => {
  expect(embeddingOf({ origin: 'https://site.example', ...nothing }).wishes.size).toBe(0);
});

test('a wish comes before what is kept, until something else is chosen', () => {
  const kept = new Map([['otter.name', 'Kept']]);
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      kept.set(key, value);
    },
    removeItem: (key: string) => {
      kept.delete(key);
    },
  };
  const names = memory(() => storage as Storage, new Map([['name', 'Wished']]));
  expect(names.get('name')).toBe('Wished');
  expect(kept.get('otter.name')).toBe('Kept');
  names.set('name', 'Chosen');
  expect(names.get('name')).toBe('Chosen');
  names.remove('name');
  expect(names.get('name')).toBeNull();
});
