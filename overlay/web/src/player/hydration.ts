import type { Product } from '../shared/cue.ts';

/** What the page around the player knows better than the show: `hydrate`. */

/** By SKU; a variant has one of its own. Money is in minor units, as everywhere. */
export type Own = Readonly<Record<string, Partial<Pick<Product, 'title' | 'price' | 'list_price' | 'currency' | 'digits' | 'stock'>> | undefined>>;

export interface Wish {
  readonly show: string;
  readonly lang: string;
  readonly currency: string;
}

export type Hydrate = (products: readonly Product[], wish: Wish) => Own | Promise<Own>;

const keyOf = (p: Product): string => `${p.id}@${p.rev ?? 0} ${p.sku ?? ''}`;

/** What of an answer can be used: a currency comes with its price, and a price with its list price, or there would be two of a kind. */
export function usable(said: unknown): Partial<Product> {
  if (typeof said !== 'object' || said === null) return {};
  const { title, price, list_price: list, currency, digits, stock } = said as Partial<Record<keyof Product, unknown>>;
  const whole = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
  return {
    ...(typeof title === 'string' && title.trim() ? { title } : {}),
    ...(whole(price) ? { price, list_price: whole(list) ? list : null } : {}),
    ...(whole(price) && typeof currency === 'string' ? { currency, digits: (whole(digits) ? digits : undefined) as number } : {}),
    ...(['in', 'low', 'out', 'preorder'].includes(stock as string) ? { stock: stock as 'in' } : {}),
  };
}

/** Asks the page once for each revision of a product, and lays its answer over the product. */
export class Hydration {
  private readonly known = new Map<string, Partial<Product>>();
  private waiting: Product[] = [];

  constructor(private readonly ask: Hydrate, private readonly wish: () => Wish, private readonly changed: () => void) {}

  of(p: Product): Product {
    const key = keyOf(p);
    const own = this.known.get(key);
    if (own) return { ...p, ...own };
    this.known.set(key, {});
    this.waiting.push(p);
    if (this.waiting.length === 1) queueMicrotask(() => void this.answer());
    return p;
  }

  private async answer(): Promise<void> {
    const list = this.waiting;
    this.waiting = [];
    try {
      const said = await this.ask(list, this.wish());
      for (const p of list) this.known.set(keyOf(p), usable(said?.[p.sku ?? '']));
      this.changed();
    } catch (e) {
      console.warn('mediad-player: hydrate failed; prices stay', e); // for the page's developer
    }
  }
}
