import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-reports.ts';
import results from '../../generated/strings/studio-results.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import { clock } from '../../shared/times.ts';
import type { Language, Schemas } from '../context.ts';
import { percent, sharesOf, sums, type Said } from '../results/report.ts';
import { comparing, netIn } from './compare.ts';

type Words = (typeof table)['en'];

/** All shows of these days together: the money first, each beside the same number of days before. */
export function facts({ total }: Schemas['Summary'], before: Schemas['Summary'] | undefined, days: number, words: Words, locale: string): TemplateResult {
  const { total: t, replay } = total;
  const number = (n: number): string => n.toLocaleString(locale);
  const than = comparing(t, before?.total.total, days, words, locale);
  const fact = (name: string, value: string, why: string, change = ''): TemplateResult => html`<div><dt>${name}</dt><dd><strong>${value}</strong>${change ? html`<small class="change">${change}</small>` : nothing}<small class="soft">${why}</small></dd></div>`;
  const one = t.money?.length === 1 ? t.money[0]!.currency : '';
  return html`<dl class="sheet facts">
    ${t.money?.length ? fact(words.net, sums(t.money, 'net', locale), say(words.netWhy, { gross: sums(t.money, 'gross', locale) }), one && than(netIn(one))) : nothing}
    ${fact(words.orders, number(t.orders), say(words.ordersWhy, { n: number(replay.orders) }), than((p) => p.orders))}
    ${fact(words.units, number(t.units), words.unitsWhy, than((p) => p.units))}
    ${fact(words.shows, number(total.shows), say(words.showsWhy, { length: clock(total.on_air * 1000) }))}
    ${t.viewers === undefined ? fact(words.viewers, words.notMeasured, words.notMeasuredWhy) : fact(words.viewers, number(t.viewers), words.viewersWhy, than((p) => p.viewers))}
    ${t.clicks === undefined ? nothing : fact(words.clicks, number(t.clicks), words.clicksWhy, than((p) => p.clicks))}</dl>
    ${before && !before.total.shows ? html`<p class="soft small">${say(words.beforeNone, { n: number(days) })}</p>` : nothing}`;
}

/** The rates, each with its two figures. */
export function rates({ total }: Schemas['Summary'], words: Words, language: Language): TemplateResult | typeof nothing {
  const { locale } = language;
  const all = [...sharesOf(total.total, language.in(results), locale), ...(total.total.rates ?? []).flatMap((r) => inMoney(r, words, locale))];
  return all.length ? html`<section class="sheet" aria-labelledby="rates-head"><h2 id="rates-head">${words.rates}</h2><dl class="rates">${all.map((s) => html`<div><dt>${s.name}</dt><dd><strong>${s.share}</strong><small class="soft">${s.of}</small></dd></div>`)}</dl></section>` : nothing;
}

/** A rate of money, in its currency. */
function inMoney(r: Schemas['Rate'], words: Words, locale: string): Said[] {
  if (!r.currency) return [];
  const paid = money(r.numerator, r.currency, locale);
  const said = { n: paid, m: r.denominator.toLocaleString(locale) };
  switch (r.name) {
    case 'returned':
      return [{ name: words.returned, share: percent(r.value, 1000, locale), of: say(words.returnedOf, { n: paid, m: money(r.denominator, r.currency, locale) }) }];
    case 'gmv_per_minute':
      return [{ name: words.perMinute, share: money(Math.round(r.value), r.currency, locale), of: say(words.perMinuteOf, { n: paid, m: clock(r.denominator * 1000) }) }];
    case 'gmv_per_viewer':
      return [{ name: words.perViewer, share: money(Math.round(r.value), r.currency, locale), of: say(words.perViewerOf, said) }];
  }
  return [];
}
