import { describe, expect, test } from 'vitest';
import { en } from './en.js';
import { loadWords } from './language.js';
import { type Language, LANGUAGES } from './languages.js';

const ALL = Object.keys(LANGUAGES) as Language[];
const OTHERS = ALL.filter((language) => language !== 'en');
const FORMS = new Set(['zero', 'one', 'two', 'few', 'many', 'other']);

type Leaf = string | Readonly<Record<string, string>>;

function isPlural(value: object): value is Readonly<Record<string, string>> {
  return 'other' in value && Object.keys(value).every((key) => FORMS.has(key));
}

/** Every text of a catalogue by its path: "call.joined". */
function leaves(value: object, path = ''): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  for (const [key, inner] of Object.entries(value) as [string, string | object][]) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof inner === 'string' || isPlural(inner)) {
      found.set(here, inner);
    } else {
      for (const [deeper, leaf] of leaves(inner, here)) {
        found.set(deeper, leaf);
      }
    }
  }
  return found;
}

function texts(leaf: Leaf): readonly string[] {
  return typeof leaf === 'string' ? [leaf] : Object.values(leaf);
}

function places(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w*)\}/g)].map(([, name]) => name ?? '').sort();
}

const ENGLISH = leaves(en);

test('there are at least ten languages, each with a name of its own', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(10);
  expect(new Set(Object.values(LANGUAGES)).size).toBe(ALL.length);
});

describe.each(ALL)('%s', (language) => {
  test('has every text, none more, and none empty', async () => {
    const words = leaves(await loadWords(language));
    expect([...words.keys()].sort()).toEqual([...ENGLISH.keys()].sort());
    for (const [path, leaf] of words) {
      for (const text of texts(leaf)) {
        expect(text.trim(), path).not.toBe('');
        expect(text, path).toBe(text.trim());
      }
    }
  });

  test('fills in what English does', async () => {
    for (const [path, leaf] of leaves(await loadWords(language))) {
      const wanted = places(texts(ENGLISH.get(path) ?? '').at(-1) ?? '');
      for (const text of texts(leaf)) {
        expect(places(text), `${path}: ${text}`).toEqual(wanted);
        expect(text.replaceAll(/\{\w+\}/g, ''), path).not.toMatch(/[{}]/);
      }
    }
  });

  test('has the plural forms of its language, all and no other', async () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const [path, leaf] of leaves(await loadWords(language))) {
      if (typeof leaf !== 'string') {
        expect(Object.keys(leaf).sort(), path).toEqual([...pluralCategories].sort());
      }
    }
  });
});

test.each(OTHERS)('%s is a translation', async (language) => {
  const words = leaves(await loadWords(language));
  const same = [...words].filter(
    ([path, leaf]) => typeof leaf === 'string' && leaf === ENGLISH.get(path),
  );
  // A few words are spelt alike: "Chat", "Start".
  expect(same.length, JSON.stringify(same)).toBeLessThan(words.size / 10);
});

const SOURCES = import.meta.glob<string>(
  ['../**/*.ts', '../**/*.tsx', '!./**', '!../**/*.test.ts'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
);

test('no text is without a place that shows it', () => {
  const code = Object.entries(SOURCES)
    .filter(([file]) => !file.endsWith('/strings.ts'))
    .map(([, source]) => source.replaceAll(/\s+/g, ' ').replaceAll(/ \./g, '.'))
    .join('\n');
  const shown = (path: string): boolean => {
    // A group that is not gone into there, as in t.call.troubles[trouble], is shown as a whole.
    const parts = path.split('.');
    return parts.some((_, index) => {
      const part = parts.slice(0, index + 1).join('\\.');
      const whole = index === parts.length - 1 ? '(?!\\w)' : '(?![\\w.])';
      return new RegExp(`\\bt\\.${part}${whole}`).test(code);
    });
  };
  expect([...ENGLISH.keys()].filter((path) => !shown(path))).toEqual([]);
});
