import { fieldsOf, listOf, textOf } from '../shared/api.ts';
import type { Product } from '../shared/cue.ts';

/** What a product can be bought as. */
export interface Variant {
  readonly id: string;
  readonly sku: string;
  /** What tells it from the others: by name, "size": "M". */
  readonly options: Readonly<Record<string, string>>;
  readonly price: number;
  readonly list_price?: number;
  readonly stock: Product['stock'];
  /** The shop has a page for it. */
  readonly linked: boolean;
}

const stocks = ['in', 'low', 'out', 'preorder'];

/** Reads the variants in a product's JSON; invalid ones are left out. */
export function variantsOf(json: unknown): Variant[] {
  return listOf<'PublicVariant'>(fieldsOf<'PublicProduct'>(json).variants).flatMap((v) => {
    const { price, list_price: list, stock } = v;
    const id = textOf(v.id);
    if (!id || typeof price !== 'number') return [];
    const options = Object.fromEntries(Object.entries(typeof v.options === 'object' && v.options ? v.options : {}).filter(([, o]) => typeof o === 'string')) as Record<string, string>;
    return [{ id, sku: textOf(v.sku), options, price, ...(typeof list === 'number' ? { list_price: list } : {}), stock: stocks.includes(stock as string) ? (stock as Variant['stock']) : 'in', linked: textOf(v.go) !== '' }];
  });
}

/** The names of the options and their values, in the order of the variants. */
export function optionsOf(variants: readonly Variant[]): [string, string[]][] {
  const out = new Map<string, Set<string>>();
  for (const { options } of variants) for (const [name, value] of Object.entries(options)) out.set(name, (out.get(name) ?? new Set()).add(value));
  return [...out].map(([name, values]) => [name, [...values]]);
}

/** The variant that has the chosen value of each option; undefined: not all are chosen, or there is none. */
export const chosen = (variants: readonly Variant[], choice: Readonly<Record<string, string>>): Variant | undefined =>
  variants.find(({ options }) => Object.entries(options).every(([name, value]) => choice[name] === value));

/** Whether a value can be had together with the other choices; false: it is sold out, or does not exist. */
export const available = (variants: readonly Variant[], choice: Readonly<Record<string, string>>, name: string, value: string): boolean =>
  variants.some(({ options, stock }) => stock !== 'out' && Object.entries({ ...choice, [name]: value }).every(([n, v]) => options[n] === v));

/** The product as it is bought in a variant. */
export const asBought = (p: Product, v: Variant | undefined): Product =>
  v ? { ...p, sku: v.sku, price: v.price, list_price: v.list_price ?? null, ...(v.stock ? { stock: v.stock } : {}) } : p;

/** Whether a product matches what is searched: each word is somewhere in the text, whatever its case and its accents. */
export function matches(text: string, search: string): boolean {
  const plain = (s: string): string => s.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const hay = plain(text);
  return plain(search).split(/\s+/).every((word) => hay.includes(word));
}
