import table, { type Words } from '../../generated/strings/studio-catalogue.ts';
import { money } from '../../shared/money.ts';
import { home } from '../../shared/server.ts';
import { webURL } from '../../shared/web-url.ts';
import type { Language, Schemas } from '../context.ts';

export type { Words };
export type Product = Schemas['PricedProduct'];
export type Change = Schemas['ChangeBody'];
export type Variant = Schemas['Variant'];
export type ImportJob = Schemas['Import'];

export const wordsOf = (language: Language): Words => language.in(table);

export const stocks = ['in', 'low', 'out', 'preorder'] as const;
export type Stock = (typeof stocks)[number];

export const stockWord = (stock: string, words: Words): string => ({ in: words.stockIn, low: words.stockLow, out: words.stockOut, preorder: words.stockPreorder })[stock] ?? stock;

export const priceOf = (p: Pick<Product, 'price' | 'currency' | 'digits'>, locale: string): string => money(p.price, p.currency, locale, p.digits) || String(p.price);

/** The address of a picture of a product; "": it has none. Of an uploaded one there is a small version for lists. */
export function picture(image: string | undefined, small = false): string {
  if (!image) return '';
  if (!image.startsWith('/')) return webURL(image, home);
  return home + (small ? image.replace(/^(\/i\/[a-z2-7]{26})\.jpg$/, '$1-s.jpg') : image);
}
