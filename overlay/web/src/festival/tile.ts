import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { say } from '../shared/language.ts';
import { money } from '../shared/money.ts';
import { titleOf, type Goods, type Room } from './data.ts';
import { number, regionName, watchLink, type Place } from './words.ts';

/** Rooms on the wall. */

const fresh = 15_000; // ms: a picture of a stream is asked for again after so long

const hide = (e: Event): void => { (e.target as HTMLElement).hidden = true; };
const show = (e: Event): void => { (e.target as HTMLElement).hidden = false; };

export const picture = (address: string): TemplateResult | typeof nothing => (address ? html`<img src=${address} alt="" decoding="async" loading="lazy" @error=${hide} @load=${show} />` : nothing);

const blank = (title: string): TemplateResult => html`<span class="blank" aria-hidden="true">${[...title][0] ?? ''}</span>`;

const of = (r: Room): string => [r.org === r.title ? '' : r.org, regionName(r.region)].filter(Boolean).join(' · ');

export const priceOf = (g: Goods, at: Place): string => money(g.price, g.currency, at.locale, g.digits);

export function tile(r: Room, at: Place): TemplateResult {
  const turn = Math.floor(Date.now() / fresh);
  return html`<li><a class="tile" href=${watchLink(at, r.room)} target=${ifDefined(at.target)} rel="noopener" data-room=${r.room}>
    <span class="screen">${blank(r.title)}${picture(r.picture && `${r.picture}?at=${turn}`)}
      <span class="marks"><span class="live">${at.words.foundLive}</span><span class="viewers">${r.waiting ? at.words.hostAwayWall : say(at.words.wallViewers, { n: number(r.viewers, at) })}</span></span></span>
    <span class="named"><strong dir="auto">${r.title}</strong><span class="soft" dir="auto">${of(r)}</span></span>
    ${r.pinned ? html`<span class="pinned"><span class="thumb">${picture(r.pinned.image)}</span><span class="named"><span class="soft">${at.words.wallShown}</span><span dir="auto">${titleOf(r.pinned, at.locale)}</span></span><strong class="price">${priceOf(r.pinned, at)}</strong></span>` : nothing}
  </a></li>`;
}

/** A room that is not on air. */
export function away(r: Room, at: Place): TemplateResult {
  const when = r.next && new Intl.DateTimeFormat(at.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(r.next.starts);
  return html`<li><a class="room" href=${watchLink(at, r.room)} target=${ifDefined(at.target)} rel="noopener" data-room=${r.room}>
    <strong dir="auto">${r.title}</strong><span class="soft" dir="auto">${of(r)}</span>${when ? html`<span class="soft">${when}</span>` : nothing}</a></li>`;
}
