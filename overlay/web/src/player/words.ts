import player from '../generated/strings/player.ts';
import product from '../generated/strings/product.ts';
import { inLanguage, localeFor } from '../shared/language.ts';
import { serverAt } from '../shared/server.ts';

const both = { en: { ...product.en, ...player.en }, zh: { ...product.zh, ...player.zh } };

export type Words = typeof both.en;

/** The phrases of the player, and the server that has the products. */
export interface PlayerWords {
  readonly origin: string;
  readonly locale: string;
  readonly text: Words;
  readonly target?: string;
}

export function wordsFor(origin: string, wish: string): PlayerWords {
  const locale = localeFor(wish);
  return { origin: serverAt(origin), locale, text: inLanguage(both, locale) };
}
