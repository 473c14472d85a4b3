import type { Schemas } from '../context.ts';
import type { Product } from '../catalogue/words.ts';

/** How a shop knows a product and its variants: what can be said of each, and what people paste. */

export type Shop = Schemas['ShopBody'];
export type Field = 'ref' | 'link';

/** A line of the form: the product itself, or a variant. */
export interface Line {
  /** The id by which it is listed. */
  readonly id: string;
  readonly sku: string;
  /** Its options: "M, blue"; empty: the product itself. */
  readonly name: string;
}

/** What a shop has to be told; none: it needs nothing. */
export function fieldsOf(shop: Pick<Shop, 'kind' | 'config'>): Field[] {
  switch (shop.kind) {
    case 'shopify':
      return ['ref'];
    case 'stripe-link':
      return ['link'];
    case 'link':
      return shop.config.template?.includes('{variant}') ? ['ref', 'link'] : ['link'];
  }
  return [];
}

/** What a shop can list: a shop that needs a name of its own for what is bought lists variants, others the product, too. */
export function linesOf(p: Pick<Product, 'id' | 'sku' | 'variants'>, fields: readonly Field[]): Line[] {
  const variants = (p.variants ?? []).flatMap((v) => (v.id ? [{ id: v.id, sku: v.sku, name: Object.values(v.options ?? {}).join(', ') || v.sku }] : []));
  return variants.length && fields[0] === 'ref' ? variants : [{ id: p.id, sku: p.sku, name: '' }, ...variants];
}

/** The number out of what people copy in Shopify: the address of the variant in the admin, or its name in the API. */
export function refIn(text: string, kind: string): string {
  const said = text.trim();
  return kind === 'shopify' ? /(?:\/variants\/|\/ProductVariant\/|[?&]variant=)(\d+)/.exec(said)?.[1] ?? said : said;
}

/**
 * What a pasted column, or a table of SKU and value, puts into lines, by their ids; undefined: it is one value alone. A table finds its lines by their
 * SKU; a column begins at the line where it is pasted.
 */
export function pasted(text: string, lines: readonly Line[], at: number): Map<string, string> | undefined {
  const rows = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  const pairs = rows.map((r) => r.split(/[\t;,]/).map((c) => c.trim().replace(/^"(.*)"$/, '$1')));
  const bySku = pairs.filter((p) => p.length > 1 && lines.some((l) => l.sku === p[0]));
  if (bySku.length) return new Map(bySku.flatMap(([sku, value]) => lines.filter((l) => l.sku === sku && value).map((l) => [l.id, value!] as const)));
  if (rows.length < 2) return undefined;
  return new Map(rows.flatMap((r, i) => (lines[at + i] && r.trim() ? [[lines[at + i]!.id, r.trim()] as const] : [])));
}

/** Where a listing can be tried: the shop's own page of what a buyer gets; "": nowhere yet. */
export function trial(shop: Pick<Shop, 'kind' | 'config'>, ref: string, link: string): string {
  if (shop.kind === 'shopify') return /^\d+$/.test(ref) && shop.config.domain ? `https://${shop.config.domain}/cart/${ref}:1` : '';
  return /^https?:\/\//.test(link) ? link.replaceAll('{click}', '') : '';
}
