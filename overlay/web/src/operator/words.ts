import said, { type Said } from '../generated/strings/said.ts';
import operator, { type Words } from '../generated/strings/operator.ts';
import { inLanguage } from '../shared/language.ts';

export type { Words };

/** What the panel says in a language, and what it makes of the server's words. English is the server's own. */
export interface Language {
  readonly locale: string;
  readonly words: Words;
  readonly said: Said;
}

export const languageFor = (locale: string): Language => ({ locale, words: inLanguage(operator, locale), said: inLanguage(said, locale) });
