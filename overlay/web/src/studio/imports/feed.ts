import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import '../parts/ask.ts';
import { ago, precise } from '../parts/when.ts';
import { busy, countsOf, everyWord, inVain, nameOf, offered, saidOf, stateWord, wordsOf, type Feed } from './words.ts';

export interface FeedHooks {
  /** Changes a feed, and says what was done. */
  change(f: Feed, change: { now?: boolean; paused?: boolean; every_hours?: number }, said: string): void;
  remove(f: Feed): Promise<string>;
  /** What went wrong with one, and with which. */
  readonly trouble: { readonly id: string; readonly text: string } | undefined;
}

/** A file that is fetched on a schedule: how it went the last time, and when it is fetched next, in words. */
export function feedCard(f: Feed, studio: Studio, hooks: FeedHooks): TemplateResult {
  const { language } = studio;
  const { locale } = language;
  const words = wordsOf(language);
  const name = nameOf(f.url, words);
  const hours = offered.includes(f.every_hours as never) ? offered : [...offered, f.every_hours].sort((a, b) => a - b);
  const soon = f.next !== undefined && new Date(f.next).getTime() <= Date.now();
  return html`<li class="feed" data-feed=${f.id}>
    <div class="what"><b dir="ltr">${name}</b>
      <p>${last(f, studio)}</p>
      <p class="soft">${f.paused ? words.feedPaused : busy(f.last) ? nothing : soon ? words.feedNextNow : f.next ? html`<time datetime=${f.next} title=${precise(f.next, locale)}>${say(words.feedNext, { when: ago(f.next, locale) })}</time>` : nothing}</p>
      ${hooks.trouble?.id === f.id ? html`<p class="trouble" role="alert">${hooks.trouble.text}</p>` : nothing}</div>
    <div class="acts">
      <select aria-label=${say(words.everyOf, { name })} @change=${(e: Event) => { const n = Number((e.target as HTMLSelectElement).value); hooks.change(f, { every_hours: n }, say(words.feedEvery, { every: everyWord(n, words) })); }}>
        ${hours.map((h) => html`<option value=${h} ?selected=${h === f.every_hours}>${everyWord(h, words)}</option>`)}</select>
      ${f.paused ? html`<button type="button" @click=${() => hooks.change(f, { paused: false }, words.feedGoesOn)}>${words.feedGoOn}<span class="sr">: ${name}</span></button>`
        : html`<button type="button" ?disabled=${busy(f.last) || soon} @click=${() => hooks.change(f, { now: true }, words.feedMade)}>${words.feedNow}<span class="sr">: ${name}</span></button>
          <button type="button" class="quiet" @click=${() => hooks.change(f, { paused: true }, words.feedPausedNow)}>${words.feedPause}<span class="sr">: ${name}</span></button>`}
      <studio-ask .words=${language.words} label=${words.feedDelete} what=${name} question=${say(words.feedDeleteAsk, { name })} yes=${words.feedDeleteYes} .act=${() => hooks.remove(f)}></studio-ask>
    </div></li>`;
}

/** How the last import of a feed went. */
function last(f: Feed, studio: Studio): TemplateResult | string {
  const { language } = studio;
  const words = wordsOf(language);
  const i = f.last;
  if (!i) return words.feedNever;
  const when = html`<time datetime=${i.created} title=${precise(i.created, language.locale)}>${ago(i.created, language.locale)}</time>`;
  const rejected = i.rejected_rows ? html` · <a href="#/catalogue/import/${i.id}">${say(words.countRejected, { n: new Intl.NumberFormat(language.locale).format(i.rejected_rows) })}</a>` : nothing;
  switch (i.state) {
    case 'failed':
      return html`<span class="warn">${words.feedFailed}</span> ${saidOf(i.problem ?? '', language)} · ${when}`;
    case 'ready':
      return html`<span class="warn">${stateWord(i, words)}</span> · ${countsOf(i, words, language.locale).join(' · ')}${rejected} · ${when} <a class="button" href="#/catalogue/import/${i.id}">${words.look}<span class="sr">: ${nameOf(f.url, words)}</span></a>`;
    case 'applied':
      return html`<span class=${inVain(i) ? 'warn' : 'good'}>${stateWord(i, words)}</span> · ${countsOf(i, words, language.locale).join(' · ')}${rejected} · ${when}`;
    default:
      return html`<span role="status">${stateWord(i, words)}…</span>`;
  }
}
