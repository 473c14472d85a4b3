import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { say } from '../shared/language.ts';
import { warningOf } from '../shared/said.ts';
import type { Health } from '../shared/health.ts';
import type { State } from './watcher.ts';
import type { Language } from './words.ts';

/** What is wrong, or that nothing is: in words. */

/** In one line. */
export function brief(state: State, health: Health | undefined, { words }: Language): string {
  const said: Partial<Record<State, string>> = { looking: words.asking, ask: words.needsToken, barred: words.barred, asking: words.asking, wrong: words.wrongToken, unknown: words.roomUnknown, away: words.noAnswer };
  return said[state] ?? (!health?.live ? words.nobodyPublishes : health.waiting ? words.publisherAway : counted(health.warnings.length, words));
}

const counted = (n: number, words: Language['words']): string => (n === 0 ? words.allWell : n === 1 ? words.oneProblem : say(words.problems, { n }));

/** Whether somebody should act. */
export const isTrouble = (state: State, health: Health | undefined): boolean =>
  state === 'wrong' || state === 'barred' || state === 'unknown' || state === 'away' || (state === 'there' && health?.live === true && (health.waiting || health.warnings.length > 0));

/** For screen readers: the problems themselves, and not how many. */
export function aloud(state: State, health: Health | undefined, language: Language): string {
  if (state === 'looking' || state === 'ask' || state === 'asking') return '';
  const { warnings = [], live, waiting } = health ?? {};
  return state === 'there' && live && !waiting && warnings.length ? warnings.map((w) => warningOf(w, language)).join(' ') : brief(state, health, language);
}

/** What to do about it. While nothing is wrong, the status line has said so. */
export function news(state: State, health: Health | undefined, language: Language): TemplateResult | typeof nothing {
  if (!isTrouble(state, health)) return nothing;
  const list = state === 'there' && !health?.waiting ? (health?.warnings ?? []) : [];
  return html`<wa-callout variant="danger"><p class="bad">${brief(state, health, language)}</p>
    ${list.length ? html`<ul class="warnings">${repeat(list, (w) => w.code, (w) => html`<li data-code=${w.code}>${warningOf(w, language)}</li>`)}</ul>` : nothing}
  </wa-callout>`;
}
