import dock, { type Words as Own } from '../generated/strings/dock.ts';
import host, { type Words as Common } from '../generated/strings/host.ts';
import product, { type Words as Products } from '../generated/strings/product.ts';
import { inLanguage, say } from '../shared/language.ts';
import { money } from '../shared/money.ts';
import type { Item, Stock } from './item.ts';

export type Words = Own & Common & Products;

/** The phrases of the dock in a language. */
export interface Language {
  readonly locale: string;
  readonly words: Words;
}

export const languageFor = (locale: string): Language =>
  ({ locale, words: { ...inLanguage(host, locale), ...inLanguage(product, locale), ...inLanguage(dock, locale) } });

/** A tooltip: what a button does, and its key. */
export const withKey = (what: string, key: string, words: Words): string => say(words.withKey, { what, key });

export const stockWord = (stock: Stock, words: Words): string => ({ in: words.inStock, low: words.stockLow, out: words.stockOut, preorder: words.stockPreorder })[stock];

export const priceOf = (p: Pick<Item, 'price' | 'currency' | 'digits'>, locale: string): string => money(p.price, p.currency, locale, p.digits) || String(p.price);
