import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-reports.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import type { Bars } from '../results/chart.ts';
import { sums } from '../results/report.ts';
import { figureOf } from '../results/times.ts';

type Words = (typeof table)['en'];

const stretch = 86_400;

/** Days are drawn, and named, as dates in UTC: there each is as long as any other. */
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;

/** What the shows of each day brought: bars, and the same as a table. */
export function days(s: Schemas['Summary'], words: Words, locale: string): TemplateResult | typeof nothing {
  const all = s.days ?? [];
  const some = all.filter((d) => d.orders);
  if (!some.length || all.length < 2) return nothing;
  const money = s.total.total.money ?? [];
  const one = money.length === 1 ? money[0]!.currency : '';
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const long = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const clock = (seconds: number): string => format.format(seconds * 1000);
  const whole = (d: Schemas['SummaryDay']): string => long.format(at(d.day) * 1000);
  const bars: Bars = { from: all.map((d) => at(d.day)), stretch, values: all.map((d) => (one ? d.money?.find((m) => m.currency === one)?.net ?? 0 : d.orders)) };
  const best = all[bars.values.indexOf(Math.max(...bars.values))]!;
  return html`<section class="sheet days" aria-labelledby="days-head"><h2 id="days-head">${one ? words.chartMoney : words.chartOrders}</h2>
    <p>${say(words.chartBest, { day: whole(best), money: sums(best.money ?? [], 'net', locale), n: best.orders.toLocaleString(locale), shows: best.shows.toLocaleString(locale) })}</p>
    <result-chart role="img" aria-label=${words.chartPicture} .bars=${bars} .clock=${clock} .figure=${figureOf(one, locale)}></result-chart>
    <details><summary>${words.chartTable}</summary>
      <table class="rows"><thead><tr><th scope="col">${words.day}</th><th scope="col" class="number">${words.shows}</th><th scope="col" class="number">${words.orders}</th><th scope="col" class="number">${words.net}</th></tr></thead>
      <tbody>${all.filter((d) => d.shows).map((d) => html`<tr><td>${whole(d)}</td><td class="number" data-label=${words.shows}>${d.shows.toLocaleString(locale)}</td><td class="number" data-label=${words.orders}>${d.orders.toLocaleString(locale)}</td>
        <td class="number" data-label=${words.net}>${sums(d.money ?? [], 'net', locale) || '–'}</td></tr>`)}</tbody></table></details></section>`;
}
