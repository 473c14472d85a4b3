import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-results.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import { home } from '../../shared/server.ts';
import type { Schemas } from '../context.ts';
import { clockOf } from './times.ts';

type Words = (typeof table)['en'];
type Moment = Schemas['Moment'];

const first = 5; // moments that stand open

/** The pictures that sold the most: what, when, who presented, what was written, and the way to hear it again. */
export function moments(of: Schemas['StoredShow'], m: Schemas['ShowMoments'] | undefined, zone: string, words: Words, locale: string): TemplateResult | typeof nothing {
  const all = m?.best ?? [];
  if (!all.length) return nothing;
  const clock = clockOf(60, zone, locale);
  const item = (x: Moment): TemplateResult => moment(of, x, clock, words, locale);
  return html`<section class="moments" aria-labelledby="moments-head"><h3 id="moments-head">${words.momentsHead}</h3>
    <ol>${all.slice(0, first).map(item)}</ol>
    ${all.length > first ? html`<details><summary>${say(words.momentsMore, { n: (all.length - first).toLocaleString(locale) })}</summary><ol start=${first + 1}>${all.slice(first).map(item)}</ol></details>` : nothing}
    <p class="soft small">${words.momentsWhy} ${m!.unplaced ? say(words.momentsUnplaced, { n: m!.unplaced.toLocaleString(locale) }) : ''} <a href=${`/api/v1/shows/${m!.show}/moments.csv`} download>${words.momentsCSV}</a></p></section>`;
}

function moment(of: Schemas['StoredShow'], x: Moment, clock: (at: number) => string, words: Words, locale: string): TemplateResult {
  const number = (n: number): string => n.toLocaleString(locale);
  const heard = Date.parse(x.hear) / 1000;
  const shown = Math.floor((x.place ?? 0) + Math.max(0, Date.parse(x.at) / 1000 - heard));
  const paid = (x.money ?? []).map((t) => money(t.gross, t.currency, locale)).join(', ');
  return html`<li>${!of.replay ? nothing : html`<img src=${`${home}/vod/${of.id}/moments/${shown}.jpg`} alt="" width="144" height="76" loading="lazy" @error=${(e: Event) => { (e.target as HTMLElement).hidden = true; }}>`}
    <div class="of"><p><strong>${clock(Date.parse(x.at) / 1000)}</strong> <span dir="auto">${x.title || words.noProduct}</span>${x.host ? html` <span class="soft">· <bdi>${x.host}</bdi></span>` : nothing}</p>
      <p class="sold"><strong>${paid || '–'}</strong> <span>${say(words.momentSold, { orders: number(x.orders), clicks: number(x.clicks) })}${x.replayed ? ` ${say(words.momentReplayed, { n: number(x.replayed) })}` : ''}</span></p>
      ${x.note ? html`<p class="soft small">${words.momentNote} <bdi>${x.note}</bdi></p>` : nothing}
      ${(x.said ?? []).map((c) => html`<blockquote class="small" dir="auto"><b>${c.name}</b>${c.by === 'host' ? html` <span class="soft">${words.momentHost}</span>` : nothing} ${c.text}</blockquote>`)}</div>
    ${of.replay ? html`<a class="button" href=${`${home}/watch/${encodeURIComponent(of.room)}?show=${of.id}&date=${Math.floor(heard)}`} target="_blank" rel="noopener">${words.momentHear}</a>` : nothing}</li>`;
}
