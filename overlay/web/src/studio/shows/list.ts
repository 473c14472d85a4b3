import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Language, Schemas } from '../context.ts';
import { airMark } from '../air/mark.ts';
import { hashOf } from '../route.ts';
import { clockIn, cityOf, ownZone } from '../parts/zone.ts';
import { airOf, dateOf, isOn, lateness, timeOf, wordsOf, zoneOf, type Show, type Words } from './words.ts';

/** The shows of an organisation, by day: on air, late, to come, without a time, over. */

const bySoonest = (a: Show, b: Show): number => timeOf(a).localeCompare(timeOf(b)) || a.id.localeCompare(b.id);

export interface Listed {
  readonly title: string;
  /** What to do about them. */
  readonly why?: string;
  readonly days: readonly { readonly date: string; readonly shows: readonly Show[] }[];
}

export function grouped(shows: readonly Show[], words: Words): Listed[] {
  const of = (some: readonly Show[], title: string, why = ''): Listed => {
    const days = new Map<string, Show[]>();
    for (const s of some) days.set(dateOf(s), [...(days.get(dateOf(s)) ?? []), s]);
    return { title, why, days: [...days].map(([date, list]) => ({ date, shows: list })) };
  };
  const planned = shows.filter((s) => s.state === 'planned');
  return [
    of(shows.filter(isOn), words.groupNow),
    of(planned.filter((s) => lateness(s)).sort(bySoonest), words.groupLate, words.lateWhy),
    of(planned.filter((s) => s.starts_at && !lateness(s)).sort(bySoonest), words.groupComing),
    of(planned.filter((s) => !s.starts_at), words.groupOpen),
    of(shows.filter((s) => s.state === 'ended').sort((a, b) => bySoonest(b, a)), words.groupOver),
  ].filter((g) => g.days.length);
}

export function list(shows: readonly Show[], rooms: ReadonlyMap<string, Schemas['RoomBody']>, language: Language): TemplateResult {
  const { locale } = language;
  const words = wordsOf(language);
  const dayName = (date: string): string => new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: date.slice(0, 4) === String(new Date().getFullYear()) ? undefined : 'numeric', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
  return html`${grouped(shows, words).map((g) => html`<section class="sheet group"><h2>${g.title}</h2>${g.why ? html`<p class="soft">${g.why}</p>` : nothing}
    ${g.days.map(({ date, shows: some }) => html`${date ? html`<h3>${dayName(date)}</h3>` : nothing}<ul>${some.map((s) => row(s, rooms, language))}</ul>`)}
  </section>`)}`;
}

/** What came of a show, in a line: the money of each currency by itself, orders, and the most viewers. */
function figuresOf({ figures: f }: Show, words: Words, locale: string): TemplateResult | typeof nothing {
  if (!f) return nothing;
  const sums = (f.money ?? []).map((m) => money(m.net, m.currency, locale)).filter(Boolean);
  return html`<small class="figures">${sums.map((sum) => html`<b title=${words.netOf}>${sum}</b>`)}<span>${say(f.orders === 1 ? words.oneOrder : words.someOrders, { n: f.orders.toLocaleString(locale) })}</span>${f.peak ? html`<span>${say(words.peakOf, { n: f.peak.toLocaleString(locale) })}</span>` : nothing}</small>`;
}

function row(s: Show, rooms: ReadonlyMap<string, Schemas['RoomBody']>, language: Language): TemplateResult {
  const words = wordsOf(language);
  const { locale } = language;
  const at = timeOf(s);
  const zone = zoneOf(s);
  const room = rooms.get(s.room)?.title ?? s.room;
  const where = room === s.title ? '' : room; // a show without a title of its own has the room's
  return html`<li><a class="show" href=${hashOf(`shows/${s.id}`)}>
    <span class="t">${at ? html`<b>${clockIn(new Date(at), zone).time}</b>${zone === ownZone() ? nothing : html`<small class="soft">${cityOf(zone)}</small>`}` : html`<b aria-hidden="true">–</b>`}</span>
    <span class="what"><b>${s.title}</b><small class="soft">${where}${s.lineup_rev || s.state !== 'planned' ? '' : html`${where ? ' · ' : ''}<span class="warn">${words.noLineupYet}</span>`}</small>${figuresOf(s, words, locale)}</span>
    <span class="marks">${s.rehearsal ? html`<span class="mark">${words.rehearsal}</span>` : nothing}${lateness(s) || isOn(s) ? airMark(airOf(s, rooms.get(s.room)), language) : nothing}</span>
  </a></li>`;
}
