import { html, nothing, svg, type TemplateResult } from 'lit';
import { say } from '../shared/language.ts';
import { clock } from '../shared/times.ts';
import { brief, isTrouble } from './news.ts';
import type { Watcher } from './watcher.ts';
import type { Language } from './words.ts';

/** The panel in two lines: is the room live, for how long, how many watch; how well it goes, and what is on the screen. */

const up = svg`<svg class="arrow" viewBox="0 0 24 24" aria-hidden="true"><path d="m6 15 6-6 6 6"/></svg>`;

/** `toggle`: what a tap does; undefined: the panel is always open. */
export function statusLine(w: Watcher, language: Language, open: boolean, toggle: (() => void) | undefined): TemplateResult {
  const { words } = language;
  const lines = html`<span class="lines">
    <span class="line first">${w.admitted ? state(w, language) : html`<strong>${words.panel}</strong>`}</span>
    <span class="line"><span class="how ${isTrouble(w.state, w.health) ? 'bad' : ''}">${brief(w.state, w.health, language)}</span>${w.admitted ? html`<span class="shown">${shown(w, words)}</span>` : nothing}</span>
  </span>`;
  return html`<h2 class="status">${toggle
    ? html`<button type="button" class="bar" aria-expanded=${open} aria-controls="body" @click=${toggle}>${lines}${up}</button>`
    : html`<span class="bar">${lines}</span>`}</h2>`;
}

function state(w: Watcher, { words, locale }: Language): TemplateResult {
  const { health } = w;
  const [word, kind, time] = w.state === 'away' ? [words.noConnection, 'away', undefined]
    : !health?.live ? [words.offAir, 'off', undefined]
    : health.waiting ? [words.hostAway, 'away', health.until && health.until.getTime() - w.now()]
    : [words.onAir, 'live', health.since && w.now() - health.since.getTime()];
  const viewers = (n: number): string => (n === 1 ? words.oneViewer : say(words.viewers, { n: new Intl.NumberFormat(locale).format(n) }));
  return html`<strong class="state" data-state=${kind}>${word}</strong>
    ${time === undefined ? nothing : html`<span class="time">${clock(time)}</span>`}
    ${w.state === 'there' && health?.live ? html`<span class="viewers">${viewers(health.viewers)}</span>` : nothing}`;
}

function shown({ programme: { pinned } }: Watcher, words: Language['words']): string {
  const [last] = pinned.slice(-1);
  if (!last) return words.emptyScreen;
  return pinned.length > 1 ? say(words.shownOf, { n: pinned.length - 1, what: last.title }) : say(words.shown, { what: last.title });
}
