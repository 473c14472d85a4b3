import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-reports.ts';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import { lasting } from '../parts/size.ts';
import { sums } from '../results/report.ts';
import { hashOf } from '../route.ts';
import { percent } from './facts.ts';

type Words = (typeof table)['en'];
type Row = Schemas['SummaryRow'];
type By = Schemas['Summary']['by'];

interface Column {
  readonly name: string;
  readonly cell: (r: Row) => TemplateResult | string;
}

/** What each show, host, seller or product brought; the last row is all of it. */
export function rows(s: Schemas['Summary'], studio: Studio, rooms: ReadonlyMap<string, string>, zone: string, words: Words): TemplateResult {
  const { locale } = studio.language;
  const all = s.by === 'host' || s.by === 'org' ? ordered(s.rows ?? []) : [...(s.rows ?? [])].sort((a, b) => (s.by === 'show' ? newest(a, b) : 0)).map((row) => ({ row, depth: 0 }));
  const currency = s.total.total.money?.[0]?.currency ?? '';
  const columns = columnsOf(s.by, currency, Math.max(1, ...all.map(({ row: r }) => netOf(r, currency))), words, locale);
  if (!all.length) return html`<p class="soft">${words.noRows}</p>`;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone });
  const named = (r: Row): TemplateResult | string => {
    if (r.rest === 'others') return words.others;
    if (r.rest) return html`${words.noProduct}<br /><span class="soft small">${words.noProductWhy}</span>`;
    const name = r.name || r.sku || r.id || '–';
    if (s.by === 'show') {
      const room = rooms.get(r.room ?? '') ?? r.room ?? '';
      return html`${rooms.has(r.room ?? '') ? html`<a href=${hashOf(`shows/${r.id}`)}>${name}</a>` : html`<strong>${name}</strong>`}<br /><span class="soft small">${r.started ? day.format(new Date(r.started)) : ''}${room && room !== name ? ` · ${room}` : ''}</span>`;
    }
    return html`<strong>${name}</strong>${s.by === 'product' ? html`<br /><span class="soft small">${r.sku}</span>` : nothing}
      ${r.below ? html`<br /><span class="soft small">${say(words.below, { n: r.below.total.orders.toLocaleString(locale), money: sums(r.below.total.money ?? [], 'net', locale) || '–' })}</span>` : nothing}`;
  };
  const cells = (r: Row): TemplateResult[] => columns.map((c) => {
    const cell = c.cell(r);
    return html`<td class="number" data-label=${c.name} data-none=${cell === '–'}>${cell}</td>`;
  });
  return html`<div class="sheet table"><table class="rows"><thead><tr><th scope="col">${{ show: words.byShow, host: words.byHost, org: words.byOrg, product: words.byProduct }[s.by]}</th>${columns.map((c) => html`<th scope="col" class="number">${c.name}</th>`)}</tr></thead>
    <tbody>${all.map(({ row: r, depth }) => html`<tr data-row=${r.id ?? r.rest ?? ''}><td style=${depth ? `--depth: ${depth}` : nothing}>${named(r)}</td>${cells(r)}</tr>`)}</tbody>
    <tfoot><tr><th scope="row">${words.together}</th>${cells(s.total)}</tr></tfoot></table></div>`;
}

const newest = (a: Row, b: Row): number => Number(!!a.rest) - Number(!!b.rest) || (b.started ?? '').localeCompare(a.started ?? '');

const netOf = (r: Row, currency: string): number => r.total.money?.find((m) => m.currency === currency)?.net ?? 0;

/** Organisations, each behind the one that it is a part of. */
function ordered(all: readonly Row[]): { row: Row; depth: number }[] {
  const there = new Set(all.map((r) => r.id));
  const under = (org: string | undefined, depth: number): { row: Row; depth: number }[] =>
    all.filter((r) => (org === undefined ? !r.org || !there.has(r.org) : !!r.id && r.org === org)).flatMap((row) => [{ row, depth }, ...(row.id && depth < 8 ? under(row.id, depth + 1) : [])]);
  return under(undefined, 0);
}

function columnsOf(by: By, currency: string, most: number, words: Words, locale: string): Column[] {
  const number = (n: number | undefined): string => n?.toLocaleString(locale) ?? '–';
  const share = (name: string) => (r: Row): TemplateResult | string => {
    const rate = r.total.rates?.find((x) => x.name === name);
    if (!rate) return '–';
    const of = html`<span class="soft small">${number(rate.numerator)} ÷ ${number(rate.denominator)}</span>`;
    return rate.value > 1 ? of : html`${percent(rate.value, locale)}<br />${of}`; // more bought than are known to have clicked: no share
  };
  const shows: Column = { name: words.shows, cell: (r) => number(r.shows) };
  const length: Column = { name: by === 'product' ? words.shown : words.onAir, cell: (r) => (r.on_air ? lasting(r.on_air, locale) : '–') };
  const viewers: Column = { name: words.viewers, cell: (r) => number(r.total.viewers) };
  const clicks: Column = { name: words.clicks, cell: (r) => number(r.total.clicks) };
  const orders: Column = { name: words.orders, cell: (r) => html`${number(r.total.orders)}${r.replay.orders ? html`<br /><span class="soft small">${say(words.ofReplay, { n: number(r.replay.orders) })}</span>` : nothing}` };
  const units: Column = { name: words.units, cell: (r) => number(r.total.units) };
  const net: Column = {
    name: words.netSales,
    cell: (r) => {
      const { money } = r.total;
      if (!money?.length) return '–';
      const part = Math.max(0, Math.min(100, (100 * netOf(r, currency)) / most));
      return html`<span class="bar" style=${`--share: ${part}%`}><strong>${sums(money, 'net', locale)}</strong></span>${money.some((m) => m.net !== m.gross) ? html`<span class="soft small">${say(words.paidOf, { gross: sums(money, 'gross', locale) })}</span>` : nothing}`;
    },
  };
  if (by === 'product') return [shows, length, { name: words.seen, cell: (r) => number(r.total.impressions) }, clicks, orders, units, net, { name: words.perClick, cell: share('ctor') }];
  return [...(by === 'show' ? [] : [shows]), length, viewers, clicks, orders, units, net, { name: words.perOrder, cell: share('orders_per_viewer') }];
}
