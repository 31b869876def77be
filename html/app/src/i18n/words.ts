import type { en } from './en.js';

/** One text in the forms that a language has for a number: Arabic needs all six. */
export interface Plural {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

type Widened<T> = T extends string
  ? string
  : T extends { readonly other: string }
    ? Plural
    : { readonly [K in keyof T]: Widened<T[K]> };

/** What a language has to say: the shape of the English catalogue. */
export type Words = Widened<typeof en>;
