import { html, nothing, type TemplateResult } from 'lit';
import { calendarAddress } from '../shared/addresses.ts';
import { say } from '../shared/language.ts';
import { clockTime } from './seek.ts';
import type { PlayerWords } from './words.ts';

/** The next planned show of a room, on the stage before it and between shows. */

export interface Next {
  readonly show: string;
  readonly title: string;
  /** In ms since 1970. */
  readonly date: number;
  /** The same moment on this page's clock (performance.now()): clocks of viewers are wrong by minutes. */
  readonly due: number;
}

const day = 86_400;

/** "in 3 days", "2:05:09", "12:34"; "" when it is due. */
export function countdown(seconds: number, locale: string): string {
  if (seconds < 1) return '';
  if (seconds < 2 * day) return clockTime(seconds);
  return new Intl.RelativeTimeFormat(locale).format(Math.floor(seconds / day), 'day');
}

/** The date as people read it, in the viewer's zone, which is named behind it: the host may be in another. */
export function when(date: number, locale: string): string {
  const shown = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const zone = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(date).find((p) => p.type === 'timeZoneName'); // Chinese would have it before the time
  return `${new Intl.DateTimeFormat(locale, shown).format(date)} ${zone?.value}`;
}

/** left: the countdown. A screen reader gets the date, and not each second. alone: it is what the page is about. */
export function upcoming(next: Next | undefined, left: string, room: string, { origin, locale, text: t }: PlayerWords, alone = false): TemplateResult | typeof nothing {
  if (!next) return nothing;
  return html`<div class="next" part="next">
    ${alone ? html`<h2>${next.title}</h2>` : html`<p><b>${say(t.nextShow, { title: next.title })}</b></p>`}
    <p><time datetime=${new Date(next.date).toISOString()}>${when(next.date, locale)}</time></p>
    ${left ? html`<p class="count" part="countdown" aria-hidden="true">${left}</p>` : nothing}
    <a class="calendar" part="calendar" href=${calendarAddress(origin, room)}>${t.addToCalendar}</a>
  </div>`;
}
