import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { repeat } from 'lit/directives/repeat.js';
import { titleOf, type Found, type FoundGoods, type Planned } from './data.ts';
import { picture, priceOf } from './tile.ts';
import { regionName, watchLink, type Place } from './words.ts';

/** Products that somebody looks for, and the schedule. */

export function found(results: Found | undefined, at: Place): TemplateResult {
  const { words } = at;
  return html`<section aria-labelledby="found-head"><h2 id="found-head">${words.foundHead}${results?.items.length ? html` <span class="count">${results.items.length}${results.more ? '+' : ''}</span>` : nothing}</h2>
    <div role="status">${!results ? nothing : results.items.length ? (results.more ? html`<p class="soft">${words.foundMore}</p>` : nothing) : html`<p class="none">${words.foundNone}</p>`}</div>
    ${results?.items.length ? html`<ul class="found">${repeat(results.items, (g) => `${g.room} ${g.id}`, (g) => product(g, at))}</ul>` : nothing}</section>`;
}

function product(g: FoundGoods, at: Place): TemplateResult {
  const { words } = at;
  return html`<li><a class="good" href=${watchLink(at, g.room, g.ended ? g.show : '')} target=${ifDefined(at.target)} rel="noopener">
    <span class="thumb">${picture(g.image)}</span>
    <span class="named"><span class="title" dir="auto">${titleOf(g, at.locale)}</span><strong class="price">${priceOf(g, at)}</strong>
      <span class="soft" dir="auto"><span class=${g.live ? 'live' : 'mark'}>${g.live ? words.foundLive : g.ended ? words.foundReplay : words.foundSoon}</span> ${g.roomTitle}${g.region ? ` · ${regionName(g.region)}` : ''}</span></span></a></li>`;
}

/** Planned shows by day, as the viewer's clock has days. */
export function schedule(plans: readonly Planned[], at: Place): TemplateResult {
  const { words, locale } = at;
  const day = new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const days = new Map<string, Planned[]>();
  for (const p of plans) {
    const name = day.format(p.starts);
    days.set(name, [...(days.get(name) ?? []), p]);
  }
  return html`<section aria-labelledby="plan-head"><h2 id="plan-head">${words.scheduleHead}</h2>
    ${plans.length ? html`<p class="soft">${words.zoneNote}</p>` : html`<p class="none">${words.scheduleNone}</p>`}
    ${[...days].map(([name, shows]) => html`<h3>${name}</h3><ol class="plan">${repeat(shows, (s) => s.show, (s) => html`<li><a class="room" href=${watchLink(at, s.room, s.show)} target=${ifDefined(at.target)} rel="noopener">
      <time datetime=${s.starts.toISOString()}>${time.format(s.starts)}</time><strong dir="auto">${s.title}</strong><span class="soft" dir="auto">${[s.roomTitle === s.title ? '' : s.roomTitle, regionName(s.region)].filter(Boolean).join(' · ')}</span></a></li>`)}</ol>`)}</section>`;
}
