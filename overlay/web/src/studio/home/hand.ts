import { html, nothing, type TemplateResult } from 'lit';
import { isTrouble } from '../../shared/condition.ts';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { icons } from '../parts/icons.ts';
import { isOn, linesOf, moment } from '../rooms/words.ts';
import { hashOf } from '../route.ts';
import { standingOf } from '../shops/standing.ts';
import { wordsOf as shopWords } from '../shops/words.ts';
import { lateness } from '../shows/words.ts';
import { counted, type Rooms, type Slow } from './ask.ts';
import { wordsOf } from './words.ts';

interface Task {
  readonly to: string;
  readonly what: string;
  readonly why: string;
}

const mostOfEach = 3;

/** What waits for somebody, the most urgent first. Rooms on air stand beside it, with their trouble. */
export function tasks({ all, now }: Rooms, { planned, unmatched, shops, imports }: Slow, { language }: Studio): Task[] {
  const words = wordsOf(language);
  const { locale } = language;
  const out: Task[] = [];
  for (const w of all.filter((r) => isTrouble(r.condition) && !isOn(r)).slice(0, mostOfEach)) out.push({ to: `rooms/${encodeURIComponent(w.room.slug)}`, what: w.room.title, why: linesOf(w, now, language)[0] ?? '' });
  if (unmatched) out.push({ to: 'orders/unmatched', what: unmatched === 1 ? words.oneUnmatched : say(words.someUnmatched, { n: unmatched > counted ? `${counted}+` : unmatched }), why: words.unmatchedWhy });
  const waiting = (imports ?? []).filter((i) => i.state === 'ready');
  if (waiting[0]) out.push({ to: waiting.length === 1 ? `catalogue/import/${waiting[0].id}` : 'catalogue/imports', what: waiting.length === 1 ? words.importWaits : say(words.importsWait, { n: waiting.length }), why: words.importWhy });
  for (const shop of shops ?? []) {
    const { how, text, next } = standingOf(shop, shopWords(language), locale, now);
    if (how === 'unfinished' || how === 'refused') out.push({ to: `shops/${shop.id}`, what: `${shop.name}: ${text}`, why: next });
  }
  for (const s of planned.filter((p) => lateness(p, now) === 'missed').slice(0, mostOfEach)) out.push({ to: `shows/${s.id}`, what: say(words.missed, { show: s.title }), why: say(words.missedWhy, { when: moment(new Date(s.starts_at!), s.timezone, locale) }) });
  return out;
}

export function hand(rooms: Rooms, slow: Slow, studio: Studio): TemplateResult {
  const words = wordsOf(studio.language);
  const all = tasks(rooms, slow, studio);
  return html`<section class="sheet hand" aria-labelledby="home-hand"><h2 id="home-hand">${words.handHead}</h2>
    ${all.length ? html`<ul>${all.map((t) => html`<li><a href=${hashOf(t.to)}><strong>${t.what}</strong>${t.why ? html`<small class="soft">${t.why}</small>` : nothing}</a></li>`)}</ul>` : html`<p class="good quiet-now">${icons.done}${words.handNone}</p>`}</section>`;
}
