import { fieldsOf, listOf, textOf } from '../shared/api.ts';
import { buyable } from '../shared/buyable.ts';
import type { Product } from '../shared/cue.ts';
import { digitsOf } from '../shared/currency.ts';
import { webURL } from '../shared/web-url.ts';

/** A product as the dock needs it. */

export const stocks = ['in', 'low', 'out', 'preorder'] as const;
export type Stock = (typeof stocks)[number];

export interface Item extends Product {
  readonly rev: number;
  readonly title: string;
  readonly sku: string;
  readonly price: number;
  readonly currency: string;
  readonly digits: number;
  readonly stock: Stock;
  readonly image: string;
  /** Whose it is, and the name of that organisation where it is another than who asked for it; "": not known. */
  readonly org: string;
  readonly seller: string;
  /** Whether viewers find a link to buy it. */
  readonly buyable: boolean;
  /** A line of the line-up: what its host wrote for themselves, and whether it has a price of its own. */
  readonly line?: { readonly note: string; readonly priced: boolean; /** The product's revision and price in the catalogue. */ readonly rev: number; readonly shop: number };
}

/** Reads a product, or the card of one; undefined: it is none. A card has no picture and no link, and may lack its title: `known` has what was read before. */
export function parseItem(json: unknown, base: string, known?: Item): Item | undefined {
  const j = fieldsOf<'PricedProduct'>(json);
  const id = textOf(j.id);
  if (!id) return undefined;
  const sku = textOf(j.sku) || (known?.sku ?? '');
  const currency = textOf(j.currency) || (known?.currency ?? '');
  const image: unknown = j.image ?? (Array.isArray(j.images) ? j.images[0] : undefined);
  return {
    id, sku, currency,
    rev: whole(j.rev, known?.rev ?? 0),
    title: textOf(j.title) || known?.title || sku || id,
    price: whole(j.price, known?.price ?? 0),
    list_price: whole(j.list_price, 0) || null,
    digits: digitsOf(currency, j.digits ?? known?.digits),
    stock: stocks.find((s) => s === j.stock) ?? 'in',
    image: webURL(image, base) || (known?.image ?? ''),
    org: textOf(j.org) || (known?.org ?? ''),
    seller: textOf(j.seller) || (known?.seller ?? ''),
    buyable: known?.buyable ?? buyable(j),
  };
}

/** Reads the lines of a line-up: the products as the show has them. */
export const parseLines = (json: unknown, base: string): (Item & { readonly line: NonNullable<Item['line']> })[] =>
  listOf<'LineBody'>(json).flatMap((l) => {
    const p = parseItem(l.goods, base);
    return p ? [{ ...p, seller: textOf(l.seller), line: { note: textOf(l.note), priced: typeof l.price === 'number', rev: whole(fieldsOf<'InCatalogue'>(l.catalogue).rev, 0), shop: whole(fieldsOf<'InCatalogue'>(l.catalogue).price, p.price) } }] : [];
  });

const whole = (n: unknown, otherwise: number): number => (Number.isSafeInteger(n) ? (n as number) : otherwise);

/** The products that have all the words of a search in their title or SKU. */
export function found(items: readonly Item[], search: string): readonly Item[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length ? items.filter((p) => words.every((w) => `${p.title} ${p.sku}`.toLowerCase().includes(w))) : items;
}

/** What stands before and behind the product that is shown, or was shown last; without one the first is next. `instead` is the next one in stock, where the next is sold out. */
export function neighbours(order: readonly Item[], shown: string): { previous: Item | undefined; next: Item | undefined; instead: Item | undefined } {
  const at = order.findIndex((p) => p.id === shown);
  const next = order[at + 1];
  return { previous: at > 0 ? order[at - 1] : undefined, next, instead: next?.stock === 'out' ? order.slice(at + 2).find((p) => p.stock !== 'out') : undefined };
}
