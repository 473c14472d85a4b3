import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { brief, precise } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import { amount, bought, short, stateWord, when, wordsOf, type Listed, type Order } from './words.ts';

/** The names of what orders point to. */
export interface Names {
  readonly shops: ReadonlyMap<string, string>;
  readonly shows: ReadonlyMap<string, string>;
}

/** How an order stands, by colour and in a word; what somebody has to look at is said in its place. */
export function badge(o: Order, studio: Studio): TemplateResult {
  const words = wordsOf(studio.language);
  const loud = short(o) ? words.shortMark : o.over ? words.overMark : '';
  return html`<span class="badge" data-state=${loud ? 'loud' : o.state}>${loud || stateWord(o.state, words)}</span>`;
}

export function table(orders: readonly Listed[], names: Names, studio: Studio): TemplateResult {
  const { language } = studio;
  const words = wordsOf(language);
  return html`<div class="sheet table"><table class="rows">
    <thead><tr><th scope="col">${words.orderColumn}</th><th scope="col">${words.linesColumn}</th><th scope="col">${words.stateLabel}</th><th scope="col" class="number">${words.amountColumn}</th><th scope="col">${words.showLabel}</th><th scope="col">${words.whenColumn}</th></tr></thead>
    <tbody>${orders.map((o) => html`<tr data-order=${o.id}>
      <td><a href=${hashOf(`orders/${o.id}`)}><bdi title=${o.name}>${o.name}</bdi></a>${names.shops.size === 1 && names.shops.has(o.shop) ? nothing : html`<span class="soft small shop">${names.shops.get(o.shop) ?? words.unknownShop}</span>`}</td>
      <td class="what" data-label=${words.linesColumn}>${bought(o, words, language.locale) || '–'}</td>
      <td class="state" data-label=${words.stateLabel}>${badge(o, studio)}</td>
      <td class="number" data-label=${words.amountColumn}>${amount(o.gross, o, language.locale)}${o.refunded ? html`<br /><span class="soft small">${say(words.back, { amount: amount(o.refunded + (o.over ?? 0), o, language.locale) })}</span>` : nothing}</td>
      <td class="show" data-label=${words.showLabel}>${o.show ? names.shows.get(o.show) ?? words.pastShow : o.by_hand ? html`<span class="soft">${words.fromNone}</span>` : html`<span class="warn">${words.noShow}</span>`}</td>
      <td class="when" data-label=${words.whenColumn}><time datetime=${when(o)} title=${precise(when(o), language.locale)}>${brief(when(o), language.locale)}</time></td></tr>`)}</tbody></table></div>`;
}
