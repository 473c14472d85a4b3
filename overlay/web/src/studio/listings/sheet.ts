import { fieldsOf, linesOf, refIn, type Shop } from './listed.ts';
import type { Product } from '../catalogue/words.ts';

/** The numbers of a whole catalogue in one shop: what there is, what somebody pastes for it, and what the links of the products already say. */

/** What a shop has of something. */
export interface Known { readonly ref: string; readonly link: string }

/** Something that a shop can list: a product without variants, or a variant. */
export interface Item {
  readonly id: string;
  readonly sku: string;
  /** Its own address, which no other variant has; "": none. */
  readonly link: string;
}

export interface Goods {
  readonly items: readonly Item[];
  /** SKUs of products that are listed by their variants. */
  readonly parents: ReadonlySet<string>;
}

type Listable = Pick<Product, 'id' | 'sku' | 'variants' | 'link'>;

/** What a shop that needs something for each product or variant lists of them. */
export function goodsOf(products: readonly Listable[], shop: Pick<Shop, 'kind' | 'config'>): Goods {
  const parents = new Set<string>();
  const items = products.flatMap((p) => {
    const own = new Map((p.variants ?? []).map((v) => [v.id, v.link ?? '']));
    const lines = linesOf(p, fieldsOf(shop));
    if (!lines.some((l) => l.id === p.id)) parents.add(p.sku);
    return lines.map(({ id, sku }) => ({ id, sku, link: own.get(id) || (id === p.id ? p.link ?? '' : '') }));
  });
  return { items, parents };
}

/** One that is to be written, and the line that says so; 0: a link did. */
export interface Put { readonly item: Item; readonly value: string; readonly line: number }

export type Fault = 'unknown' | 'bad' | 'parent' | 'several' | 'twice';
export interface Miss { readonly line: number; readonly what: string; readonly fault: Fault }

export interface Plan {
  readonly puts: readonly Put[];
  /** Lines whose value the shop has already. */
  readonly same: number;
  readonly misses: readonly Miss[];
}

/** What pasted lines would do: SKU and value, divided by tabs, semicolons, commas or spaces. A first line that fits nothing is the head of a table. */
export function planOf(text: string, { items, parents }: Goods, shop: Pick<Shop, 'kind' | 'config'>, kept: ReadonlyMap<string, Known>): Plan {
  const field = fieldsOf(shop)[0] ?? 'ref';
  const bySku = new Map<string, Item[]>();
  for (const i of items) bySku.set(i.sku, [...(bySku.get(i.sku) ?? []), i]);
  const puts = new Map<string, Put>();
  const said = new Map<string, string>();
  const misses: Miss[] = [];
  let same = 0;
  for (const { line, sku, value } of rowsOf(text)) {
    const found = bySku.get(sku) ?? [];
    const is = field === 'ref' ? refIn(value, shop.kind) : value;
    const [item] = found;
    const fault: Fault | undefined = found.length > 1 ? 'several' : !item ? (parents.has(sku) ? 'parent' : 'unknown') : !fits(is, field, shop.kind) ? 'bad' : said.has(item.id) && said.get(item.id) !== is ? 'twice' : undefined;
    if (fault === 'unknown' && line === 1 && !fits(is, field, shop.kind)) continue;
    if (fault || !item) misses.push({ line, what: fault === 'bad' ? value : sku, fault: fault ?? 'unknown' });
    else if (kept.get(item.id)?.[field] === is) same++;
    else if (!puts.has(item.id)) puts.set(item.id, { item, value: is, line });
    if (item && !fault) said.set(item.id, is);
  }
  return { puts: [...puts.values()], same, misses };
}

/** Whether a value can be what a shop asks for. */
function fits(value: string, field: 'ref' | 'link', kind: string): boolean {
  return field === 'link' ? /^https?:\/\/\S+$/.test(value) : kind === 'shopify' ? /^\d{1,19}$/.test(value) : value !== '';
}

function rowsOf(text: string): { line: number; sku: string; value: string }[] {
  return variantsIn(text) ?? text.replace(/\r\n?/g, '\n').split('\n').flatMap((row, i) => {
    const said = row.trim();
    if (!said) return [];
    const cells = (/[\t;,]/.test(said) ? said.split(/[\t;,]/) : [said.replace(/\s+\S+$/, ''), /\s+(\S+)$/.exec(said)?.[1] ?? '']).map((c) => c.trim().replace(/^"(.*)"$/, '$1'));
    return [{ line: i + 1, sku: cells[0] ?? '', value: cells[1] ?? '' }];
  });
}

/** The variants out of the page /products.json of a Shopify shop; undefined: it is no such page. Its lines are counted as variants. */
function variantsIn(text: string): { line: number; sku: string; value: string }[] | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const { products } = JSON.parse(text) as { products?: readonly { readonly variants?: readonly { readonly id?: unknown; readonly sku?: unknown }[] }[] };
    return products?.flatMap((p) => p.variants ?? []).flatMap((v, i) => (typeof v.sku === 'string' && v.sku && v.id ? [{ line: i + 1, sku: v.sku, value: String(v.id) }] : []));
  } catch {
    return undefined;
  }
}

/** Shopify's number in an address of the shop; "": there is none, or it leads to another host. */
export function numberIn(link: string, { kind, config }: Pick<Shop, 'kind' | 'config'>): string {
  if (kind !== 'shopify' || !URL.canParse(link)) return '';
  const at = new URL(link);
  const number = at.searchParams.get('variant') ?? '';
  return /^\d{1,19}$/.test(number) && [config.domain, ...(config.hosts ?? [])].includes(at.hostname) ? number : '';
}

/** What the links of the products say of those for which the shop has nothing yet. */
export const fromLinks = ({ items }: Goods, shop: Pick<Shop, 'kind' | 'config'>, kept: ReadonlyMap<string, Known>): Put[] =>
  items.flatMap((item) => {
    const value = kept.get(item.id)?.ref ? '' : numberIn(item.link, shop);
    return value ? [{ item, value, line: 0 }] : [];
  });
