import { Store } from '@otter/react';
import { remembered } from '../lib/storage.js';
import { speak } from '../strings.js';
import { en } from './en.js';
import { isLanguage, isRtl, type Language, pickLanguage } from './languages.js';
import type { Words } from './words.js';

/** English is in the page; the others are fetched when they are wanted. */
const LOADERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ words: Words }>>> = {
  ar: () => import('./ar.js'),
  de: () => import('./de.js'),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
  it: () => import('./it.js'),
  nl: () => import('./nl.js'),
  pl: () => import('./pl.js'),
  pt: () => import('./pt.js'),
  uk: () => import('./uk.js'),
  zh: () => import('./zh.js'),
};

/** The language that the page speaks now. */
export const language = new Store<Language>('en');

/** The language that was chosen, null where the browser's own order holds. */
export function chosenLanguage(): Language | null {
  const kept = remembered.get('language');
  return isLanguage(kept) ? kept : null;
}

export async function loadWords(wanted: Language): Promise<Words> {
  return wanted === 'en' ? en : (await LOADERS[wanted]()).words;
}

let turn = 0;

/** Answers whether the page now speaks it: words that can't be fetched leave the language as it is. */
async function turnTo(wanted: Language, root: HTMLElement): Promise<boolean> {
  const mine = (turn += 1);
  let words: Words;
  try {
    words = await loadWords(wanted);
  } catch {
    return false;
  }
  if (mine !== turn) {
    return false;
  }
  speak(words, wanted, isRtl(wanted));
  root.lang = wanted;
  root.dir = isRtl(wanted) ? 'rtl' : 'ltr';
  language.set(wanted);
  return true;
}

/** Before the first picture: the language that was chosen, else the first that the browser asks for. */
export async function startLanguage(root: HTMLElement): Promise<void> {
  await turnTo(chosenLanguage() ?? pickLanguage(navigator.languages), root);
}

/** Null goes back to what the browser asks for. */
export async function setLanguage(chosen: Language | null, root: HTMLElement): Promise<boolean> {
  const done = await turnTo(chosen ?? pickLanguage(navigator.languages), root);
  if (done && chosen === null) {
    remembered.remove('language');
  } else if (done && chosen !== null) {
    remembered.set('language', chosen);
  }
  return done;
}
