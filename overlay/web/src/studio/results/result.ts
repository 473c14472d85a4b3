import type { Schemas } from '../context.ts';

/** What a product did for a show. */
export interface Result {
  readonly product: string;
  readonly title: string;
  readonly seen: number;
  readonly clicks: number;
}

/** One result for each product, the one with the most clicks first. */
export function resultsOf(seen: readonly Schemas['ProductsInSight'][], clicks: readonly Schemas['ClickCount'][], titles: ReadonlyMap<string, string>): Result[] {
  const ids = new Set([...titles.keys(), ...seen.map((s) => s.product), ...clicks.map((c) => c.product)]);
  return [...ids].map((product) => ({
    product, title: titles.get(product) ?? product,
    seen: seen.find((s) => s.product === product)?.impressions ?? 0, clicks: clicks.find((c) => c.product === product)?.clicks ?? 0,
  })).sort((a, b) => b.clicks - a.clicks || b.seen - a.seen);
}
