import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Studio } from '../context.ts';
import { moment, precise } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import './answer.ts';
import type { Fits } from './fits.ts';
import { badge, type Names } from './list.ts';
import type { Show } from './nearest.ts';
import { amount, bought, when, wordsOf, type Listed } from './words.ts';

/** What the rows of the queue need to answer. */
export interface Asking {
  readonly shows: readonly Show[];
  readonly fits: Fits;
  readonly changed: () => void;
}

/** The orders that match no show, each with the question where it came from. */
export function queue(orders: readonly Listed[], names: Names, studio: Studio, asking: Asking): TemplateResult {
  const { language } = studio;
  const words = wordsOf(language);
  return html`<ul class="queue">${repeat(orders, (o) => o.id, (o) => html`<li class="sheet" data-order=${o.id}>
    <div class="facts-line"><a class="of" href=${hashOf(`orders/${o.id}`)}><bdi>${o.name}</bdi></a> ${badge(o, studio)} <strong>${amount(o.gross, o, language.locale)}</strong></div>
    <p>${bought(o, words, language.locale) || html`<span class="soft">${words.noLinesShort}</span>`}</p>
    <p class="soft small"><time datetime=${when(o)} title=${precise(when(o), language.locale)}>${moment(when(o), language.locale)}</time> · ${names.shops.get(o.shop) ?? words.unknownShop}</p>
    ${studio.may('own', o.org) ? html`<order-answer .studio=${studio} .order=${o} .shows=${asking.shows} .fits=${asking.fits} .changed=${asking.changed}></order-answer>` : nothing}</li>`)}</ul>`;
}
