import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import type { Language, Schemas } from '../context.ts';
import { airMark } from '../air/mark.ts';
import { hashOf } from '../route.ts';
import { clockIn } from '../parts/zone.ts';
import { airOf, dateOf, isOn, lateness, timeOf, wordsOf, zoneOf, type Show } from './words.ts';

/** A month of shows. A show stands on the day that it has in its own zone. */

export interface Month {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
}

export const monthOf = (text: string | undefined): Month | undefined => {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text ?? '') ?? [];
  return year && month ? { year: Number(year), month: Number(month) } : undefined;
};

export const monthText = ({ year, month }: Month): string => `${year}-${String(month).padStart(2, '0')}`;

export const beside = ({ year, month }: Month, by: number): Month => {
  const n = year * 12 + month - 1 + by;
  return { year: Math.floor(n / 12), month: (n % 12) + 1 };
};

/** The first day of the week of a locale, 1 (Monday) to 7. */
export function weekStart(locale: string): number {
  const l = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
  return l.getWeekInfo?.().firstDay ?? l.weekInfo?.firstDay ?? 1;
}

/** The weeks of a month, whole: the first and the last may have days of other months. */
export function weeksOf({ year, month }: Month, start: number): string[][] {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = ((new Date(Date.UTC(year, month - 1, 1)).getUTCDay() || 7) - start + 7) % 7;
  const cells = Array.from({ length: Math.ceil((lead + days) / 7) * 7 }, (_, i) => new Date(Date.UTC(year, month - 1, 1 - lead + i)).toISOString().slice(0, 10));
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7));
}

/** From when to when shows of the weeks of a month may be, in any zone. */
export const spanOf = (m: Month): { from: string; until: string } => {
  const at = (x: Month, by: number): string => new Date(Date.UTC(x.year, x.month - 1, 1) + by).toISOString();
  return { from: at(m, -7 * 24 * 3_600_000), until: at(beside(m, 1), 7 * 24 * 3_600_000) };
};

export function calendar(m: Month, shows: readonly Show[], rooms: ReadonlyMap<string, Schemas['RoomBody']>, plan: boolean, language: Language): TemplateResult {
  const { locale } = language;
  const words = wordsOf(language);
  const start = weekStart(locale);
  const name = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(Date.UTC(m.year, m.month - 1, 1)));
  const weekday = (n: number, width: 'short' | 'long'): string => new Intl.DateTimeFormat(locale, { weekday: width, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, n)));
  const today = clockIn(new Date(), new Intl.DateTimeFormat().resolvedOptions().timeZone).date;
  const where = (s: Show): TemplateResult | typeof nothing => (rooms.get(s.room)?.title === s.title ? nothing : html`<small class="soft">${rooms.get(s.room)?.title ?? s.room}</small>`); // a show without a title of its own has the room's
  const weeks = weeksOf(m, start);
  const day = (date: string): TemplateResult => {
    const other = !date.startsWith(monthText(m)); // a week does not end with the month: what comes next is in sight
    const here = shows.filter((s) => dateOf(s) === date).sort((a, b) => timeOf(a).localeCompare(timeOf(b)));
    const n = other ? new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`)) : Number(date.slice(8));
    const long = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
    return html`<td class="${here.length ? '' : 'free'} ${other ? 'other' : ''}" aria-current=${date === today ? 'date' : nothing}>
      <div class="day"><span class="n"><span aria-hidden="true">${n}</span><span class="sr">${long}</span></span>
        ${plan && date >= today ? html`<a class="plus" href=${hashOf(`shows/new/${date}`)} title=${say(words.planOn, { day: long })}><span aria-hidden="true">+</span><span class="sr">${say(words.planOn, { day: long })}</span></a>` : nothing}</div>
      ${here.map((s) => html`<a class="entry" data-state=${s.state} data-late=${lateness(s) || nothing} data-how=${airOf(s, rooms.get(s.room))} href=${hashOf(`shows/${s.id}`)}><span class="t">${clockIn(new Date(timeOf(s)), zoneOf(s)).time}</span> ${s.title}${where(s)}${s.rehearsal ? html`<small>${words.rehearsal}</small>` : nothing}${lateness(s) || isOn(s) ? airMark(airOf(s, rooms.get(s.room)), language) : nothing}</a>`)}
    </td>`;
  };
  return html`<div class="sheet month">
    <div class="head"><h2 aria-live="polite">${name}</h2><nav class="acts" aria-label=${words.months}>
      <a class="button" href=${hashOf(`shows/calendar/${monthText(beside(m, -1))}`)}>${words.monthBefore}</a>
      <a class="button" href=${hashOf('shows/calendar')}>${words.monthNow}</a>
      <a class="button" href=${hashOf(`shows/calendar/${monthText(beside(m, 1))}`)}>${words.monthAfter}</a></nav></div>
    <table><caption class="sr">${name}</caption><thead><tr>${Array.from({ length: 7 }, (_, i) => html`<th scope="col"><span aria-hidden="true">${weekday(start + i, 'short')}</span><span class="sr">${weekday(start + i, 'long')}</span></th>`)}</tr></thead>
      <tbody>${weeks.map((week) => html`<tr>${week.map(day)}</tr>`)}</tbody></table>
    ${shows.some((s) => weeks.flat().includes(dateOf(s))) ? nothing : html`<p class="soft">${words.monthEmpty}</p>`}
  </div>`;
}
