/** The languages of the page, by their own names. */
export const LANGUAGES = {
  ar: 'العربية',
  de: 'Deutsch',
  en: 'English',
  es: 'Español',
  fr: 'Français',
  it: 'Italiano',
  nl: 'Nederlands',
  pl: 'Polski',
  pt: 'Português',
  uk: 'Українська',
  zh: '简体中文',
} as const;

export type Language = keyof typeof LANGUAGES;

const RTL: ReadonlySet<Language> = new Set<Language>(['ar']);

export function isLanguage(text: string | null): text is Language {
  return text !== null && Object.hasOwn(LANGUAGES, text);
}

export function isRtl(language: Language): boolean {
  return RTL.has(language);
}

/** The first wish that the page can grant; a region or script it does not know is passed over. */
export function pickLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const base = wish.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(base)) {
      return base;
    }
  }
  return 'en';
}
