import { addressOf, fieldsOf, listOf, read, textOf } from './api.ts';
import type { Product } from './cue.ts';

/** The products that a show has shown, as the server lists them. */

export interface Early {
  readonly product: Product;
  /** What of it holds now: its stock, and after the show all else. */
  readonly now?: Partial<Product>;
  /** When it was shown first, in ms since 1970. */
  readonly date: number;
}

/** Reads /c/SHOW/products.json; invalid entries are left out. */
export function parseShown(json: unknown): Early[] {
  return listOf<'ShownProduct'>(fieldsOf<'ProductsBody'>(json).products).flatMap(({ product, date: said, now }) => {
    const date = Date.parse(textOf(said));
    return textOf(fieldsOf<'Card'>(product).id) && date ? [{ product: product as Product, date, now: fieldsOf<'Card'>(now) as Partial<Product> }] : [];
  });
}

/** What of the products of a show holds today, by id. */
export const askToday = async (origin: string, show: string): Promise<Map<string, Partial<Product> | undefined>> =>
  new Map(parseShown(await read(addressOf(origin, '/c/{show}/{file}', { show, file: 'products.json' }))).map(({ product, now }) => [product.id, now]));
