import table, { type Words } from '../../generated/strings/studio-pools.ts';
import { money } from '../../shared/money.ts';
import type { Language, Schemas } from '../context.ts';

export type { Words };
export type Pool = Schemas['Pool'];
export type Grant = Schemas['PoolGrant'];
export type Product = Schemas['PricedProduct'];

export const wordsOf = (language: Language): Words => language.in(table);

export const priceOf = (p: Product, locale: string): string => money(p.price, p.currency, locale, p.digits) || String(p.price);

export const number = (n: number, locale: string): string => new Intl.NumberFormat(locale).format(n);
