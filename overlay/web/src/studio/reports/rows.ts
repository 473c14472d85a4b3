import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-reports.ts';
import { say } from '../../shared/language.ts';
import { clock } from '../../shared/times.ts';
import type { Schemas, Studio } from '../context.ts';
import { percent, sums } from '../results/report.ts';
import { hashOf } from '../route.ts';

type Words = (typeof table)['en'];
type Row = Schemas['SummaryRow'];
type By = Schemas['Summary']['by'];

interface Column {
  readonly name: string;
  readonly first?: boolean; // on a phone beside the name; the rest is behind a tap
  readonly cell: (r: Row) => TemplateResult | string;
}

/** What each show, host, seller or product brought; the last row is all of it. */
export function rows(s: Schemas['Summary'], studio: Studio, rooms: ReadonlyMap<string, string>, zone: string, words: Words): TemplateResult {
  const { locale } = studio.language;
  const all = s.by === 'host' || s.by === 'org' || s.by === 'region' ? ordered(s.rows ?? []) : [...(s.rows ?? [])].sort((a, b) => (s.by === 'show' ? newest(a, b) : 0)).map((row) => ({ row, depth: 0 }));
  const columns = columnsOf(s.by, s.total, words, locale);
  if (!all.length) return html`<p class="soft">${words.noRows}</p>`;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone });
  const named = (r: Row): TemplateResult | string => {
    if (r.rest === 'others') return words.others;
    if (r.rest === 'no_seller') return html`${words.noSeller}<br /><span class="soft small">${words.noSellerWhy}</span>`;
    if (r.rest) return html`${words.noProduct}<br /><span class="soft small">${words.noProductWhy}</span>`;
    const name = s.by === 'region' ? r.id?.split('/').pop() || words.noRegion : r.name || r.sku || r.id || '–';
    if (s.by === 'show') {
      const room = rooms.get(r.room ?? '') ?? r.room ?? '';
      return html`${rooms.has(r.room ?? '') ? html`<a href=${hashOf(`shows/${r.id}`)}>${name}</a>` : html`<strong>${name}</strong>`}<br /><span class="soft small">${r.started ? day.format(new Date(r.started)) : ''}${room && room !== name ? ` · ${room}` : ''}</span>`;
    }
    return html`<strong>${name}</strong>${s.by === 'product' ? html`<br /><span class="soft small">${r.sku}</span>` : nothing}
      ${r.below ? html`<br /><span class="soft small">${say(words.below, { n: r.below.total.orders.toLocaleString(locale), money: sums(r.below.total.money ?? [], 'net', locale) || '–' })}</span>` : nothing}`;
  };
  const cells = (r: Row): TemplateResult[] => columns.map((c) => html`<td class="number">${c.cell(r)}</td>`);
  const heads = { show: words.byShow, host: words.byHost, org: words.byOrg, product: words.byProduct, room: words.byRoom, region: words.byRegion };
  const short = (name: TemplateResult | string, r: Row, depth = 0): TemplateResult => html`<li data-short=${r.id ?? r.rest ?? ''} style=${depth ? `--depth: ${depth}` : nothing}><div class="what">${name}</div>
    <details><summary>${columns.filter((c) => c.first).map((c) => html`<span><span class="soft small">${c.name}</span> ${c.cell(r)}</span>`)}</summary><dl>${columns.filter((c) => !c.first).map((c) => html`<div><dt>${c.name}</dt><dd>${c.cell(r)}</dd></div>`)}</dl></details></li>`;
  return html`<div class="sheet table"><table class="rows"><thead><tr><th scope="col">${heads[s.by]}</th>${columns.map((c) => html`<th scope="col" class="number">${c.name}</th>`)}</tr></thead>
    <tbody>${all.map(({ row: r, depth }) => html`<tr data-row=${r.id ?? r.rest ?? ''}><td style=${depth ? `--depth: ${depth}` : nothing}>${named(r)}</td>${cells(r)}</tr>`)}</tbody>
    <tfoot><tr><th scope="row">${words.together}</th>${cells(s.total)}</tr></tfoot></table>
    <ul class="short">${all.map(({ row: r, depth }) => short(named(r), r, depth))}${short(html`<strong>${words.together}</strong>`, s.total)}</ul></div>`;
}

const newest = (a: Row, b: Row): number => Number(!!a.rest) - Number(!!b.rest) || (b.started ?? '').localeCompare(a.started ?? '');

/** Organisations, each behind the one that it is a part of. */
function ordered(all: readonly Row[]): { row: Row; depth: number }[] {
  const there = new Set(all.map((r) => r.id));
  const under = (org: string | undefined, depth: number): { row: Row; depth: number }[] =>
    all.filter((r) => (org === undefined ? !r.org || !there.has(r.org) : !!r.id && r.org === org)).flatMap((row) => [{ row, depth }, ...(row.id && depth < 8 ? under(row.id, depth + 1) : [])]);
  return under(undefined, 0);
}

function columnsOf(by: By, total: Row, words: Words, locale: string): Column[] {
  const number = (n: number | undefined): string => n?.toLocaleString(locale) ?? '–';
  // Where no player told of a viewer nobody counted; a row of no product has no such figure.
  const seen = (r: Row, n: number | undefined): TemplateResult | string => (r.rest === 'no_product' || (r.total.clicks === undefined && n === undefined) ? '–' : r.total.viewers === undefined ? html`<span class="soft small">${words.notMeasured}</span>` : number(n));
  const share = (name: string) => (r: Row): TemplateResult | string => {
    const rate = r.total.rates?.find((x) => x.name === name);
    if (!rate) return '–';
    const of = html`<span class="soft small">${number(rate.numerator)} ÷ ${number(rate.denominator)}</span>`;
    return rate.value > 1 ? of : html`${percent(rate.value, rate.denominator, locale)}<br />${of}`; // more bought than are known to have clicked: no share
  };
  const shows: Column = { name: words.shows, cell: (r) => number(r.shows) };
  const length: Column = { name: by === 'product' ? words.shown : words.onAir, cell: (r) => (r.on_air && !(by === 'product' && r === total) ? clock(r.on_air * 1000) : '–') }; // what was over the picture at the same time adds up to no length
  const viewers: Column = { name: words.viewers, cell: (r) => seen(r, r.total.viewers) };
  const clicks: Column = { name: words.clicks, cell: (r) => number(r.total.clicks) };
  const orders: Column = { name: words.orders, cell: (r) => html`${number(r.total.orders)}${r.replay.orders ? html`<br /><span class="soft small">${say(words.ofReplay, { n: number(r.replay.orders) })}</span>` : nothing}` };
  const units: Column = { name: words.units, first: true, cell: (r) => number(r.total.units) };
  const net: Column = {
    name: words.net, first: true,
    cell: (r) => {
      const { money } = r.total;
      if (!money?.length) return '–';
      return html`<strong>${sums(money, 'net', locale)}</strong>${money.some((m) => m.net !== m.gross) ? html`<br /><span class="soft small">${say(words.paidOf, { gross: sums(money, 'gross', locale) })}</span>` : nothing}`;
    },
  };
  if (by === 'product') return [shows, length, { name: words.seen, cell: (r) => seen(r, r.total.impressions) }, clicks, orders, units, net, { name: words.perClick, cell: share('ctor') }];
  return [...(by === 'show' ? [] : [shows]), length, viewers, clicks, orders, units, net, { name: words.perOrder, cell: share('orders_per_viewer') }];
}
