import host, { type Words as Common } from '../generated/strings/host.ts';
import figures, { type Words as Figures } from '../generated/strings/figures.ts';
import operator, { type Words as Own } from '../generated/strings/operator.ts';
import { inLanguage } from '../shared/language.ts';

export type Words = Own & Common & Figures;

/** The phrases of the panel in a language. */
export interface Language {
  readonly locale: string;
  readonly words: Words;
}

export const languageFor = (locale: string): Language => ({ locale, words: { ...inLanguage(host, locale), ...inLanguage(figures, locale), ...inLanguage(operator, locale) } });
