import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-results.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Schemas } from '../context.ts';

type Words = (typeof table)['en'];

/** A rate as people read it: its name, the share, and both figures with their names. */
export interface Said {
  readonly name: string;
  readonly share: string;
  readonly of: string;
}

/** The shares of a report; those in money are for the table. Where more bought than are known to have clicked there is no share: the figures say so in words. */
export function sharesOf(part: { readonly rates?: Schemas['Rate'][] | null }, words: Words, locale: string): Said[] {
  const names: Record<string, string> = { orders_per_viewer: words.ordersPerViewer, conv_viewer: words.convViewer, conv_click: words.convClick, ctor: words.ctor, ctr: words.ctr, sell_through: words.offerTaken, orders_per_coupon: words.couponRate, likes_per_viewer: words.likesPerViewer, shares_per_viewer: words.sharesPerViewer, came_per_share: words.camePerShare, conv_share: words.convShare, show_up: words.showUp };
  const figures: Record<string, string> = { orders: words.ofOrders, buyers: words.ofBuyers, viewers: words.ofViewers, clickers: words.ofClickers, clicks: words.ofClicks, impressions: words.ofSeen, taken: words.ofTaken, offered: words.ofOffered, got: words.ofGot, likes: words.ofLikes, shares: words.ofShares, came: words.ofCame, orders_by_shares: words.ofByShares, told: words.ofTold };
  const number = (n: number): string => n.toLocaleString(locale);
  return (part.rates ?? []).flatMap((r) => {
    const name = names[r.name];
    if (!name || r.currency) return [];
    const said = { a: figures[r.numerator_name] ?? r.numerator_name, n: number(r.numerator), b: figures[r.denominator_name] ?? r.denominator_name, m: number(r.denominator) };
    if (/^(likes|shares|came)_/.test(r.name)) return [{ name, share: r.value.toLocaleString(locale, { maximumFractionDigits: 2 }), of: say(words.rateOf, said) }]; // each gives many
    if (r.value > 1) return [{ name, share: '–', of: say(words.rateNone, said) }];
    return [{ name, share: percent(r.value, r.denominator, locale), of: say(words.rateOf, said) }];
  });
}

/** A share with as many digits as its denominator bears: of a few clicks none, of thousands two. */
export function percent(value: number, of: number, locale: string): string {
  const digits = of < 20 ? 0 : of <= 1000 ? 1 : 2;
  return new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** What was sold: "¥1,070.00, $5.00". */
export const sums = (all: Schemas['Money'][] | null, which: 'gross' | 'net', locale: string): string =>
  (all ?? []).map((m) => money(m[which], m.currency, locale) || `${m[which]} ${m.currency}`).join(', ');

/** A figure with its name, and what it means. */
export type Fact = (name: string, value: string, why: string) => TemplateResult;

/** What was sold: the money first. */
export function sold(r: Schemas['Report'], words: Words, locale: string, fact: Fact): TemplateResult[] {
  const { total: t, replay } = r;
  return [
    fact(words.net, sums(t.money, 'net', locale), say(words.netWhy, { gross: sums(t.money, 'gross', locale) })),
    fact(words.orders, t.orders.toLocaleString(locale), say(words.ordersWhy, { n: replay.orders.toLocaleString(locale) })),
  ];
}

/** The shares, each with what it is of. */
export function shares(r: Schemas['Report'], words: Words, locale: string): TemplateResult | typeof nothing {
  const all = sharesOf(r.total, words, locale);
  return all.length ? html`<h3>${words.rates}</h3><dl class="rates">${all.map((s) => html`<div><dt>${s.name}</dt><dd><strong>${s.share}</strong><small class="soft">${s.of}</small></dd></div>`)}</dl>` : nothing;
}
