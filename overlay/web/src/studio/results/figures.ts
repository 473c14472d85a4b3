import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-results.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Schemas } from '../context.ts';
import { lasting } from '../parts/size.ts';
import { hashOf } from '../route.ts';
import { percent, sums } from './report.ts';

type Words = (typeof table)['en'];
type Part = Schemas['ReportPart'];

interface Row {
  readonly name: string;
  readonly why: string;
  readonly of: (p: Part) => TemplateResult | string;
}

/** The show of the room before this one. */
export interface Former {
  readonly id: string;
  readonly title: string;
  readonly report: Schemas['Report'];
}

/** All figures with what they are, live and replay apart, beside those of the former show. */
export function figures(r: Schemas['Report'], former: Former | undefined, words: Words, locale: string): TemplateResult {
  const columns = [[words.live, r.live], [words.replay, r.replay], [words.together, r.total], ...(former ? [[words.former, former.report.total] as const] : [])] as const;
  return html`<details class="figures"><summary>${words.figuresHead}</summary>
    <table class="rows"><thead><tr><th scope="col">${words.figure}</th>${columns.map(([name]) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
    <tbody>${rowsOf(words, locale).map((row) => html`<tr data-figure=${row.name}><th scope="row">${row.name}<br /><span class="soft small">${row.why}</span></th>${columns.map(([name, part]) => html`<td class="number" data-label=${name}>${row.of(part)}</td>`)}</tr>`)}</tbody></table>
    ${former ? html`<p class="soft small">${say(words.formerIs, { title: former.title })} <a href=${hashOf(`shows/${former.id}`)}>${words.formerOpen}</a></p>` : nothing}</details>`;
}

function rowsOf(words: Words, locale: string): Row[] {
  const count = (n: number | undefined): string => n?.toLocaleString(locale) ?? '–';
  const rates = (p: Part, name: string) => (p.rates ?? []).filter((x) => x.name === name);
  const under = (x: Schemas['Rate']): TemplateResult => html`<br /><span class="soft small">${count(x.numerator)} ÷ ${count(x.denominator)}</span>`;
  const share = (name: string) => (p: Part): TemplateResult | string => {
    const [x] = rates(p, name);
    return x ? html`${x.value > 1 ? '–' : percent(x.value, x.denominator, locale)}${under(x)}` : '–';
  };
  const plain = (name: string) => (p: Part): TemplateResult | string => {
    const [x] = rates(p, name);
    return x ? html`${x.value.toLocaleString(locale, { maximumFractionDigits: 2 })}${under(x)}` : '–';
  };
  const paid = (name: string) => (p: Part): string => rates(p, name).map((x) => money(Math.round(x.value), x.currency, locale)).filter(Boolean).join(', ') || '–';
  return [
    { name: words.views, why: words.viewsWhy, of: (p) => count(p.views) },
    { name: words.viewers, why: words.viewersWhy, of: (p) => count(p.viewers) },
    { name: words.effective, why: words.effectiveWhy, of: (p) => html`${count(p.effective)}${rates(p, 'effective_views').map((x) => html`<br /><span class="soft small">${percent(x.value, x.denominator, locale)}</span>`)}` },
    { name: words.peak, why: words.peakWhy, of: (p) => count(p.peak) },
    { name: words.average, why: words.averageWhy, of: (p) => rates(p, 'average_viewers').map((x) => x.value.toLocaleString(locale, { maximumFractionDigits: 1 }))[0] ?? '–' },
    { name: words.watched, why: words.watchedWhy, of: (p) => (p.watched === undefined ? '–' : lasting(p.watched, locale)) },
    { name: words.likes, why: words.likesWhy, of: (p) => count(p.likes) },
    { name: words.likesPerViewer, why: words.likesPerWhy, of: plain('likes_per_viewer') },
    { name: words.seen, why: words.seenOne, of: (p) => count(p.impressions) },
    { name: words.clicks, why: words.clicksWhy, of: (p) => count(p.clicks) },
    { name: words.ctr, why: words.ctrWhy, of: share('ctr') },
    { name: words.orders, why: words.ordersAll, of: (p) => count(p.orders) },
    { name: words.buyers, why: words.buyersWhy, of: (p) => count(p.buyers) },
    { name: words.ordersPerViewer, why: words.ordersPerWhy, of: share('orders_per_viewer') },
    { name: words.convViewer, why: words.convViewerWhy, of: share('conv_viewer') },
    { name: words.convClick, why: words.convClickWhy, of: share('conv_click') },
    { name: words.ctor, why: words.ctorWhy, of: share('ctor') },
    { name: words.gross, why: words.grossWhy, of: (p) => sums(p.money, 'gross', locale) || '–' },
    { name: words.net, why: words.netOne, of: (p) => sums(p.money, 'net', locale) || '–' },
    { name: words.gpm, why: words.gpmWhy, of: paid('gpm') },
    { name: words.perViewer, why: words.perViewerWhy, of: paid('gmv_per_viewer') },
  ];
}
