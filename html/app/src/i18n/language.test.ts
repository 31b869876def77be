import { describe, expect, test } from 'vitest';
import { Writer } from './fill.js';
import { isLanguage, isRtl, pickLanguage } from './languages.js';

describe('the language is', () => {
  test.each<[readonly string[], string]>([
    [['de'], 'de'],
    [['pt-BR', 'en'], 'pt'],
    [['zh-Hant-TW'], 'zh'],
    [['AR'], 'ar'],
    [['tlh', 'uk-UA', 'de'], 'uk'],
    [['tlh'], 'en'],
    [[], 'en'],
    [['constructor', 'toString'], 'en'],
  ])('for %j %s', (wishes, expected) => {
    expect(pickLanguage(wishes)).toBe(expected);
  });

  test('known by its code alone', () => {
    expect(isLanguage('fr')).toBe(true);
    expect(isLanguage('fr-CA')).toBe(false);
    expect(isLanguage(null)).toBe(false);
    expect(isRtl('ar')).toBe(true);
    expect(isRtl('de')).toBe(false);
  });
});

test('what is filled in may hold braces of its own', () => {
  expect(new Writer('en', false).fill('{a} and {b}', { a: '{b}', b: 'x' })).toBe('{b} and x');
});

test('names are kept apart from text that runs from right to left', () => {
  expect(new Writer('ar', true).fill('انضم {name}', { name: 'Ann' })).toBe('انضم \u2068Ann\u2069');
});

test('counts by the rules of the language', () => {
  const forms = { one: '{count} plik', few: '{count} pliki', many: '{count} plików', other: '-' };
  const polish = new Writer('pl', false);
  expect([1, 3, 5, 22].map((n) => polish.count(forms, n))).toEqual([
    '1 plik',
    '3 pliki',
    '5 plików',
    '22 pliki',
  ]);
  expect(new Writer('de', false).count({ other: '{count} Dateien' }, 1234)).toBe('1.234 Dateien');
});
