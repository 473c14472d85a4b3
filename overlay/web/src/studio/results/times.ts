import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-results.ts';
import { digitsOf } from '../../shared/currency.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Schemas } from '../context.ts';
import { measured } from '../parts/size.ts';
import { zoneCalled } from '../parts/zone.ts';
import type { Bars } from './chart.ts';
import type { Mark } from './marks.ts';
import type { Chapter, Result } from './result.ts';

type Words = (typeof table)['en'];
type Time = Schemas['ReportTime'];

/** What was paid when: small bars over the show, what was shown above them, and the same as a table. `numbers` are those of the line-up. */
export function times(r: Schemas['Report'], products: readonly Result[], shown: readonly Chapter[], numbers: ReadonlyMap<string, number>, lined: boolean, zone: string, words: Words, locale: string): TemplateResult | typeof nothing {
  const all = r.times ?? [];
  const stretch = r.stretch ?? 60;
  const paid = all.reduce((sum, t) => sum + t.orders, 0);
  if (!paid) return nothing;
  const currencies = r.total.money ?? [];
  const one = currencies.length === 1 ? currencies[0]!.currency : '';
  const clock = clockOf(stretch, zone, locale);
  const bars: Bars = { from: all.map((t) => Date.parse(t.at) / 1000), stretch, values: all.map((t) => (one ? (t.money ?? []).find((m) => m.currency === one)?.gross ?? 0 : t.orders)) };
  const marks: Mark[] = shown.map((c) => ({ at: c.at, name: String(numbers.get(c.product) ?? '–') }));
  const top = bars.values.indexOf(Math.max(...bars.values));
  const best = all[top]!;
  const late = r.total.orders - paid;
  const length = stretch < 3600 ? measured(stretch / 60, 'minute', locale, 'long') : stretch < 86400 ? measured(stretch / 3600, 'hour', locale, 'long') : measured(stretch / 86400, 'day', locale, 'long');
  return html`<section class="times" aria-labelledby="times-head"><h3 id="times-head">${one ? words.timesMoney : words.timesOrders}</h3>
    <p>${say(words.timesBest, { time: clock(Date.parse(best.at) / 1000), n: best.orders.toLocaleString(locale), money: taken(best, locale) })}${late > 0 ? ` ${say(words.timesLate, { n: late.toLocaleString(locale) })}` : ''}</p>
    <result-chart role="img" aria-label=${words.timesPicture} .bars=${bars} .marks=${marks} .clock=${clock} .figure=${figureOf(one, locale)}></result-chart>
    <p class="soft small">${say(words.timesWhy, { length, zone: zoneCalled(zone, locale, new Date(all[0]!.at)) })}${marks.length ? ` ${lined ? words.timesMarks : words.timesMarksShown}` : ''}${one ? ` ${words.timesGross}` : ''}</p>
    <details><summary>${words.timesTable}</summary>
      <table class="rows"><thead><tr><th scope="col">${words.time}</th><th scope="col" class="number">${words.orders}</th><th scope="col" class="number">${words.gross}</th><th scope="col">${words.shown}</th></tr></thead>
      <tbody>${all.map((t) => row(t, stretch, shown, products, words, locale, clock))}</tbody></table></details></section>`;
}

function row(t: Time, stretch: number, chapters: readonly Chapter[], products: readonly Result[], words: Words, locale: string, clock: (at: number) => string): TemplateResult | typeof nothing {
  const from = Date.parse(t.at) / 1000;
  const shown = [...new Set(chapters.filter((c) => c.at >= from && c.at < from + stretch).map((c) => c.product))];
  if (!t.orders && !shown.length) return nothing;
  return html`<tr><td>${clock(from)}</td><td class="number" data-label=${words.orders}>${t.orders.toLocaleString(locale)}</td><td class="number" data-label=${words.gross}>${taken(t, locale) || '–'}</td>
    <td data-label=${words.shown}>${shown.map((id) => products.find((p) => p.product === id)?.title ?? '').filter(Boolean).join(', ') || '–'}</td></tr>`;
}

const taken = (t: Time, locale: string): string => (t.money ?? []).map((m) => money(m.gross, m.currency, locale)).join(', ');

/** The clock on the wall of the show; of a long show the day. */
export function clockOf(stretch: number, zone: string, locale: string): (at: number) => string {
  const format = new Intl.DateTimeFormat(locale, { timeZone: zone, ...(stretch < 3600 ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : stretch < 21600 ? { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { day: 'numeric', month: 'short' }) });
  return (at) => format.format(at * 1000);
}

/** The numbers at the side of the bars, which begin at nothing: short, and in money where there is one currency. */
export function figureOf(currency: string, locale: string): (n: number) => string {
  if (!currency) return (n) => (n && Number.isInteger(n) ? n.toLocaleString(locale) : '');
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, notation: 'compact', maximumFractionDigits: 1 });
  return (n) => (n ? format.format(n / 10 ** digitsOf(currency)) : '');
}
