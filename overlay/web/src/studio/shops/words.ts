import table from '../../generated/strings/studio-shops.ts';
import type { Language } from '../context.ts';

export type Words = (typeof table)['en'];

export const wordsOf = (language: Language): Words => language.in(table);

/** A kind of shop, by its name and in one sentence. */
export function kindOf(kind: string, words: Words): { readonly name: string; readonly why: string } {
  switch (kind) {
    case 'shopify':
      return { name: words.kindShopify, why: words.kindShopifyWhy };
    case 'stripe-link':
      return { name: words.kindStripeLink, why: words.kindStripeLinkWhy };
    case 'stripe-session':
      return { name: words.kindStripeSession, why: words.kindStripeSessionWhy };
  }
  return { name: words.kindLink, why: words.kindLinkWhy };
}

/** Who knows what is left of a product, and so what may be promised. */
export const stockWord = (stock: string, words: Words): string => (stock === 'allocated-link' ? words.stockLink : stock === 'allocated-hold' ? words.stockHold : words.stockExternal);
