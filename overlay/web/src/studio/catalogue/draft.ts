import { digitsOf } from '../../shared/currency.ts';
import { editable, parsePrice } from '../../shared/price.ts';
import type { Product, Variant } from './words.ts';

/** A product as somebody types it: numbers are text until they are saved. */

export interface VariantDraft {
  readonly was: Variant | undefined;
  sku: string;
  price: string;
  stock: string;
  options: Record<string, string>;
}

export interface Draft {
  title: string;
  sku: string;
  price: string;
  listPrice: string;
  currency: string;
  stock: string;
  type: string;
  ships: string;
  category: string;
  unit: string;
  gtin: string;
  link: string;
  description: string;
  pictures: string[];
  titles: [locale: string, title: string][];
  optionNames: string;
  variants: VariantDraft[];
}

export const blank = (currency: string): Draft => ({
  title: '', sku: '', price: '', listPrice: '', currency, stock: 'in', type: 'physical', ships: '', category: '', unit: '', gtin: '', link: '', description: '', pictures: [], titles: [], optionNames: '', variants: [],
});

export function draftOf(p: Product): Draft {
  const digits = digitsOf(p.currency, p.digits);
  const variants = p.variants ?? [];
  return {
    title: p.title, sku: p.sku, price: editable(p.price, digits), listPrice: p.list_price ? editable(p.list_price, digits) : '', currency: p.currency, stock: p.stock,
    type: p.type ?? 'physical', ships: p.ships_at?.slice(0, 10) ?? '', category: p.category ?? '', unit: p.unit ?? '', gtin: p.gtin ?? '', link: p.link ?? '', description: p.description ?? '',
    pictures: [...new Set([p.image ?? '', ...(p.images ?? [])].filter(Boolean))],
    titles: Object.entries(p.titles ?? {}),
    optionNames: Object.keys(variants[0]?.options ?? {}).join(', '),
    variants: variants.map((v) => ({ was: v, sku: v.sku, price: v.price === undefined || v.price === null ? '' : editable(v.price, digits), stock: v.stock ?? '', options: { ...v.options } })),
  };
}

export const optionNames = (d: Draft): string[] => d.optionNames.split(/[,，、]/).map((s) => s.trim()).filter(Boolean).slice(0, 5);

/** What a draft says, as the server takes it. `bad`: the field whose number is none. */
export interface Read {
  readonly body: Record<string, unknown>;
  readonly bad: string | undefined;
}

export function read(d: Draft): Read {
  const digits = digitsOf(d.currency);
  let bad: string | undefined;
  const amount = (text: string, field: string): number => {
    const n = parsePrice(text, digits);
    if (n === undefined) bad ??= field;
    return n ?? 0;
  };
  const names = optionNames(d);
  const body = {
    sku: d.sku.trim(), title: d.title.trim(), price: amount(d.price, 'price'), list_price: d.listPrice.trim() ? amount(d.listPrice, 'list_price') : 0, currency: d.currency, stock: d.stock,
    type: d.type, ships_at: d.type !== 'voucher' && d.ships ? `${d.ships}T00:00:00Z` : null, category: d.category.trim(), unit: d.unit.trim(), gtin: d.gtin.replace(/\s/g, ''), link: d.link.trim(), description: d.description.trim(),
    image: d.pictures[0] ?? '', images: d.pictures.slice(1),
    titles: Object.fromEntries(d.titles.filter(([, title]) => title.trim()).map(([locale, title]) => [locale, title.trim()])),
    variants: d.variants.map((v, i) => {
      const { price: _, list_price: list, stock: __, ...kept } = v.was ?? {};
      const price = v.price.trim() ? amount(v.price, `variants[${i}].price`) : undefined;
      return {
        ...kept, sku: v.sku.trim(), options: Object.fromEntries(names.map((n) => [n, (v.options[n] ?? '').trim()]).filter(([, value]) => value)),
        ...(price === undefined ? {} : { price, ...(list && list >= price ? { list_price: list } : {}) }), ...(v.stock ? { stock: v.stock } : {}),
      };
    }),
  };
  return { body, bad };
}

/** What differs between a product and its draft. */
export function changes(p: Product, body: Record<string, unknown>): Record<string, unknown> {
  const before = read(draftOf(p)).body;
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])));
}

/** The field that the server's words begin with: "variants[0].sku: is missing" is about variants[0].sku. */
export const fieldOf = (detail: string): string => /^([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+)?):/.exec(detail)?.[1] ?? '';
