import said, { type Said } from '../generated/strings/said.ts';
import operator, { type Words } from '../generated/strings/operator.ts';
import { inLanguage } from '../shared/language.ts';

export type { Words };

/** The phrases of the panel in a language, and translations of the server's texts. The server's own texts are English. */
export interface Language {
  readonly locale: string;
  readonly words: Words;
  readonly said: Said;
}

export const languageFor = (locale: string): Language => ({ locale, words: inLanguage(operator, locale), said: inLanguage(said, locale) });
