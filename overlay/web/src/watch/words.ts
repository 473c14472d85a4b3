import product from '../generated/strings/product.ts';
import watch from '../generated/strings/watch.ts';
import { inLanguage, localeFor } from '../shared/language.ts';
import type { CardWords } from '../shared/product.ts';
import { home } from '../shared/server.ts';

const both = { en: { ...product.en, ...watch.en }, zh: { ...product.zh, ...watch.zh } };

export type Words = typeof both.en;

/** The phrases of the page, in its language. */
export function pageWords(): CardWords & { readonly text: Words } {
  // The page's own language is that of the phrases.
  const locale = localeFor(document.querySelector<HTMLElement>('mediad-player')?.lang || document.documentElement.lang);
  return { origin: home, locale, text: inLanguage(both, locale) };
}
