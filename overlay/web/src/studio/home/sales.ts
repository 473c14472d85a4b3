import { html, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Schemas, Studio } from '../context.ts';
import { hashOf } from '../route.ts';
import { ordersOf, wordsOf } from './words.ts';

/** Sales and orders of today and of the last seven days, each currency by itself, with a bar for each day. */
export function sales(s: Schemas['Summary'], studio: Studio): TemplateResult {
  const { language } = studio;
  const words = wordsOf(language);
  const days = s.days ?? [];
  const today = days.find((d) => d.day === s.to);
  const fact = (name: string, sold: readonly Schemas['Money'][], orders: number): TemplateResult => html`<div><dt>${name}</dt><dd>
    ${sold.length ? sold.map((m) => html`<strong>${money(m.net, m.currency, language.locale)}</strong>`) : html`<span class="soft">${words.nothingSold}</span>`}<small class="soft">${ordersOf(orders, language)}</small></dd></div>`;
  return html`<section class="sheet sales" aria-labelledby="home-sales"><div class="top-line"><h2 id="home-sales">${words.salesHead}</h2><a href=${hashOf('reports')}>${words.toReports}</a></div>
    <dl>${fact(words.today, today?.money ?? [], today?.orders ?? 0)}${fact(words.week, s.total.total.money ?? [], s.total.total.orders)}</dl>
    ${chart(s, studio)}<p class="soft small">${words.salesWhy}</p></section>`;
}

/** A bar for each day: of the money where there is one currency, or else of the orders. It is a picture, and its name has the same numbers. */
function chart(s: Schemas['Summary'], { language }: Studio): TemplateResult | string {
  const { locale } = language;
  const words = wordsOf(language);
  const days = s.days ?? [];
  if (!days.some((d) => d.orders)) return '';
  const all = s.total.total.money ?? [];
  const one = all.length === 1 ? all[0]!.currency : '';
  const values = days.map((d) => (one ? Math.max(0, d.money?.find((m) => m.currency === one)?.net ?? 0) : d.orders));
  const top = Math.max(1, ...values);
  const at = (day: string, how: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(locale, { ...how, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
  const figure = (n: number): string => (one ? money(n, one, locale) : n.toLocaleString(locale));
  const named = days.map((d, i) => say(words.chartDay, { day: at(d.day, { weekday: 'long' }), n: figure(values[i]!) }));
  return html`<div class="week" role="img" aria-label=${say(one ? words.chartMoney : words.chartOrders, { days: new Intl.ListFormat(locale).format(named) })}>
    ${days.map((d, i) => html`<span title=${named[i]!} data-today=${d.day === s.to}><i style="block-size: ${Math.round((values[i]! / top) * 100)}%"></i><small>${at(d.day, { weekday: 'short' })}</small></span>`)}</div>`;
}
