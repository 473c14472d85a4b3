import { fieldsOf, listOf, textOf } from '../shared/api.ts';
import type { Product } from '../shared/cue.ts';

/** The list of products that a show has shown: from the stream while it plays, and earlier ones from the server. */

export interface Good {
  readonly product: Product;
  readonly show: string;
  /** It is pinned at this moment of the picture. */
  readonly on: boolean;
}

interface Early {
  readonly product: Product;
  /** When it was shown first, in ms since 1970. */
  readonly date: number;
}

/** Reads /c/SHOW/products.json; invalid entries are left out. */
export function parseShown(json: unknown): Early[] {
  return listOf<'ShownProduct'>(fieldsOf<'ProductsBody'>(json).products).flatMap(({ product, date: said }) => {
    const date = Date.parse(textOf(said));
    return textOf(fieldsOf<'Card'>(product).id) && date ? [{ product: product as Product, date }] : [];
  });
}

export class Goods {
  private list = new Map<string, Good>();
  private show = '';

  /** Takes a product from the stream. Another show begins a new list. */
  note(product: Product, show: string, on: boolean): void {
    this.enter(show);
    const was = this.list.get(product.id);
    this.list.set(product.id, { product: { ...was?.product, ...product }, show, on });
  }

  /**
   * Takes the products that, according to the server, were shown so far. `until` is the date of the picture, so that
   * no product appears before its moment. Data from the stream is newer. True: the list has changed.
   */
  early(show: string, shown: readonly Early[], until: number): boolean {
    this.enter(show);
    const heard = this.list;
    this.list = new Map();
    for (const { product, date } of shown) {
      const known = heard.get(product.id);
      if (known || date <= until) this.list.set(product.id, known ?? { product, show, on: false });
    }
    for (const [id, good] of heard) if (!this.list.has(id)) this.list.set(id, good);
    return this.list.size > heard.size;
  }

  /** The newest comes first. A product that is on now keeps its place: a button must not move while a finger is on it. */
  all(): Good[] {
    return [...this.list.values()].reverse();
  }

  private enter(show: string): void {
    if (show === this.show) return;
    if (this.show) this.list = new Map();
    this.show = show;
  }
}
