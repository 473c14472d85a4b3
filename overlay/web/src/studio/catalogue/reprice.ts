import type { Change, Product } from './words.ts';

/** A price that changes by some percent, and those of variants with it, rounded to whole minor units. */
export function repriced(p: Product, percent: number): Change {
  const to = (price: number): number => Math.round((price * (100 + percent)) / 100);
  const price = to(p.price);
  const above = (list: number | undefined, of: number): number => (list && list >= of ? list : 0);
  const variants = (p.variants ?? []).map((v) => (v.price === undefined || v.price === null ? v : { ...v, price: to(v.price), list_price: above(v.list_price, to(v.price)) }));
  return { price, list_price: above(p.list_price, price), ...(variants.some((v) => v.price !== undefined) ? { variants } : {}) };
}
