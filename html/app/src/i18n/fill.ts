import type { Plural } from './words.js';

export type Values = Readonly<Record<string, string | number>>;

/**
 * Writes texts of one language. Where it runs from right to left, what is filled in is kept apart
 * (FSI, PDI), or a name in other letters would tear the sentence up.
 */
export class Writer {
  readonly #rules: Intl.PluralRules;
  readonly #numbers: Intl.NumberFormat;
  readonly #isolate: boolean;

  constructor(language: string, rtl: boolean) {
    this.#rules = new Intl.PluralRules(language);
    this.#numbers = new Intl.NumberFormat(language);
    this.#isolate = rtl;
  }

  fill(text: string, values: Values): string {
    return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) {
        return whole;
      }
      const written = typeof value === 'number' ? this.#numbers.format(value) : value;
      return this.#isolate ? `\u2068${written}\u2069` : written;
    });
  }

  count(forms: Plural, count: number): string {
    return this.fill(forms[this.#rules.select(count)] ?? forms.other, { count });
  }
}
