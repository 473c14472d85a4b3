import { html, nothing, svg, type TemplateResult } from 'lit';
import { say } from '../shared/language.ts';
import { warningOf } from '../shared/said.ts';
import { clock, timeOfDay } from '../shared/times.ts';
import type { Desk } from './desk.ts';
import { endButton, type EndHooks } from './end.ts';
import { hasKeys, keys } from './keys.ts';
import { withKey, type Language } from './words.ts';

/** The line at the top: state, time, viewers and health; and the words behind it. */

export interface StatusHooks {
  readonly open: boolean;
  /** The address of the page for viewers. */
  readonly watch: string;
  toggle(): void;
  help(): void;
}

const eye = svg`<svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7S2 12 2 12Z" /><circle cx="12" cy="12" r="3" /></svg>`;

/** Whether what the page shows is what holds. */
export const stateWord = (desk: Desk, { words }: Language): string => ({ sync: words.inSync, joining: words.joining, lost: words.outOfSync, unknown: words.outOfSync })[desk.state as string] ?? '';

export function status(desk: Desk, heading: string, language: Language, hooks: StatusHooks, end: EndHooks): TemplateResult {
  const { words, locale } = language;
  const { health, phase } = desk;
  const word = { before: words.offAir, live: words.onAir, away: words.hostAway, paused: words.showPaused, ended: words.showEnded }[phase];
  const time = (phase === 'live' || phase === 'away') && health?.since ? desk.serverNow() - health.since.getTime() : undefined;
  const pauses = phase === 'away' && health?.until ? say(words.dockPausesIn, { t: clock(health.until.getTime() - desk.serverNow()) }) : nothing;
  const viewers = health?.viewers === 1 ? words.oneViewer : say(words.viewers, { n: new Intl.NumberFormat(locale).format(health?.viewers ?? 0) });
  const n = phase === 'live' ? (health?.warnings.length ?? 0) : 0;
  const well = n === 0 ? words.healthWell : n === 1 ? words.oneProblem : say(words.problems, { n });
  const tip = hasKeys() ? withKey(words.helpTip, keys.help, words) : words.dockMoreTip;
  const line = html`<strong class="phase" data-phase=${phase}>${word}</strong>
    ${time === undefined ? nothing : html`<span class="time" dir="ltr">${clock(time)}</span>`}
    ${pauses === nothing ? nothing : html`<span>${pauses}</span>`}
    ${health?.live ? html`<span>${viewers}</span>` : nothing}`;
  const name = html`<span class="room" dir="auto" aria-hidden="true">${heading}</span>`;
  return html`<header class="status">
    <h1 class="sr">${words.dockName}: ${heading}</h1>
    ${phase === 'live' && !desk.locked ? html`<button type="button" class="state" aria-expanded=${hooks.open} aria-controls="health" title=${words.healthTip} @click=${() => hooks.toggle()}>
      ${line} <span class=${n ? 'bad' : 'soft'}>${n ? '⚠ ' : ''}${well}</span> ${name}</button>` : html`<p class="state">${line} ${name}</p>`}
    ${endButton(desk, language, end)}
    <a class="button see" href=${hooks.watch} target="_blank" rel="noopener" title=${words.watchPage} aria-label=${words.watchPage}>${eye}<span>${words.dockViewersPage}</span></a>
    <span class="line" data-state=${desk.state} title=${stateWord(desk, language)}><span class="sr">${stateWord(desk, language)}</span></span>
    <button type="button" class="key" title=${tip} aria-label=${tip} @click=${() => hooks.help()}>${hasKeys() ? '?' : '⋯'}</button>
  </header>
  <section id="health" class="sheet words" aria-label=${words.healthTip} ?hidden=${phase !== 'live' || !hooks.open}>
    <p>${words.liveWords}</p>
    ${n ? html`<ul class="warnings">${health!.warnings.map((w) => html`<li>${warningOf(w, language)}</li>`)}</ul>` : html`<p class="soft">${words.healthMore}</p>`}
  </section>`;
}

/** What the present phase means for who runs the show: it stands over what viewers see. */
export function phaseWords(desk: Desk, { words, locale }: Language): string {
  const { health, phase } = desk;
  switch (phase) {
    case 'before':
      return withNext(desk, words.beforeWords, locale);
    case 'live':
      return words.liveWords;
    case 'away':
      return health?.until ? say(words.awayWords, { t: clock(health.until.getTime() - desk.serverNow()) }) : words.publisherGone;
    case 'paused':
      return desk.paused?.until ? say(words.pausedWords, { t: minuteOf(desk.paused.until, locale) }) : words.pausedSoon;
    case 'ended':
      return withNext(desk, say(words.endedWords, { t: desk.ended ? minuteOf(desk.ended, locale) : '' }), locale);
  }
}

/** Where to go before a show: its run of show, or how it is planned. */
export const wayOn = (desk: Desk, { locale }: Language): unknown => next?.wayOn(desk, locale);

let next: typeof import('./next.ts') | undefined; // it comes when the dock stands
void import('./next.ts').then((m) => (next = m), () => undefined);

/** What the phase means, with the show that is planned next. */
const withNext = (desk: Desk, means: string, locale: string): string => next?.withNext(desk, desk.serverNow(), means, locale) ?? means;

const minuteOf = (at: Date, locale: string): string => timeOfDay(at, locale).slice(0, 5);

/** Stands over all while the line is lost: what the page shows is old, and nothing that is pressed is sent. */
export function lostLine(desk: Desk, { words }: Language): TemplateResult | typeof nothing {
  if (desk.state !== 'lost' && desk.state !== 'unknown') return nothing;
  const left = Math.max(0, Math.ceil((desk.retryAt - Date.now()) / 1000));
  return html`<section class="lost" aria-label=${words.outOfSync}>
    <div role="alert"><strong>${desk.state === 'unknown' ? words.roomUnknown : navigator.onLine ? words.lineLost : words.deviceOffline}</strong> <span>${words.nothingSent}</span></div>
    <span class="again">${left ? say(words.againIn, { n: left }) : words.againNow}</span>
    <button type="button" @click=${desk.now}>${words.tryNow}</button>
  </section>`;
}
