import type { Product } from '../shared/cue.ts';
import { say } from '../shared/language.ts';
import { money } from '../shared/money.ts';
import type { PlayerWords } from './words.ts';

export interface Change {
  readonly kind: 'product-pin' | 'product-unpin' | 'product-update';
  readonly product: Product;
}

/** The differences between two lists of pinned products: removed, changed and added ones. */
export function changes(was: readonly Product[], is: readonly Product[]): Change[] {
  const out: Change[] = [];
  for (const product of was) {
    if (!is.some((p) => p.id === product.id)) out.push({ kind: 'product-unpin', product });
  }
  for (const product of is) {
    const old = was.find((p) => p.id === product.id);
    if (!old) out.push({ kind: 'product-pin', product });
    else if (fact(old) !== fact(product)) out.push({ kind: 'product-update', product });
  }
  return out;
}

const fact = ({ rev, title, price, list_price, currency, stock }: Product): string =>
  JSON.stringify([rev, title, price, list_price, currency, stock]);

/** What a screen reader is told of a change; "": nothing. */
export function announced({ kind, product: p }: Change, title: string, { text, locale }: PlayerWords): string {
  if (kind === 'product-unpin') return say(text.noLongerFeatured, { title });
  if (kind === 'product-update') return '';
  const price = money(p.price, p.currency, locale, p.digits);
  return price ? say(text.nowFeaturedFor, { title, price }) : say(text.nowFeatured, { title });
}

/** A card on the stage. A card that leaves stays until it has faded. */
export interface Card {
  readonly product: Product;
  readonly show: string;
  readonly leaving: boolean;
}

/** How many cards are shown, the newest first. More would be too many for a viewer. */
export const most = 3;

/** The cards after a change of the shop. Cards that leave keep their place and are marked. */
export function deal(cards: readonly Card[], show: string, pinned: readonly Product[]): Card[] {
  const out: Card[] = pinned.slice(-most).reverse().map((product) => ({ product, show, leaving: false }));
  cards.forEach((card, i) => {
    if (!out.some((c) => c.product.id === card.product.id)) out.splice(Math.min(i, out.length), 0, { ...card, leaving: true });
  });
  return out;
}
