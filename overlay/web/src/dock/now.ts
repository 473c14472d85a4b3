import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { say } from '../shared/language.ts';
import { badge, picture, prices } from '../shared/product.ts';
import { home } from '../shared/server.ts';
import type { Desk } from './desk.ts';
import { endQuestion, type EndHooks } from './end.ts';
import { stocks, type Item, type Stock } from './item.ts';
import { keys } from './keys.ts';
import { begin, priceForm, type Editing, type PriceHooks } from './price-form.ts';
import { phaseWords, wayOn } from './status.ts';
import { unitsOf } from './units.ts';
import { priceOf, stockWord, withKey, type Language } from './words.ts';

/** What viewers see, as they see it; price and stock are changed where they stand. */

export interface ItemHooks extends PriceHooks {
  pin(p: Item): void;
  unpin(p: Item): void;
  stock(p: Item, stock: Stock): void;
  soldOut(p: Item): void;
  /** How many deeds on it are not answered: with a second one, no third is taken on. */
  busy(p: Item): number;
  trouble(where: string): TemplateResult | typeof nothing;
  /** Whether the deeds on a product are shown where they are put away: `now ID` or `run ID`. */
  opened(what: string): boolean;
  open(what: string): void;
}

export function now(desk: Desk, editing: Editing | undefined, language: Language, hooks: ItemHooks, end: EndHooks, result: TemplateResult | typeof nothing): TemplateResult {
  const { words } = language;
  const [first, ...others] = [...desk.pinned].reverse();
  return html`<section class="sheet now" aria-labelledby="now">
    <h2 id="now">${desk.phase === 'ended' && result !== nothing ? words.dockTheShow : words.viewersSee}</h2>
    ${desk.locked || desk.maySell ? nothing : html`<p class="phase-words looks">${words.forbidden}</p>`}
    ${desk.phase === 'live' ? nothing : html`<p class="phase-words" data-phase=${desk.phase} tabindex="-1">${phaseWords(desk, language)}</p>${wayOn(desk, language)}`}
    ${result}
    ${endQuestion(desk, language, end)}${hooks.trouble('end')}
    ${first ? repeat([first, ...others], (p) => p.id, (p) => (p === first || editing?.id === p.id && editing.place === 'now' || hooks.opened(`now ${p.id}`) ? card : slim)(p, p === first, desk, editing, language, hooks)) : html`<p class="empty">${words.noneShown}</p>`}
    <mediad-hosts .desk=${desk} .locked=${desk.locked} .language=${language}></mediad-hosts>
    <mediad-coupons .desk=${desk} .locked=${desk.locked} .language=${language}></mediad-coupons>
    <mediad-polls .desk=${desk} .locked=${desk.locked} .language=${language}></mediad-polls>
  </section>`;
}

function card(p: Item, newest: boolean, desk: Desk, editing: Editing | undefined, language: Language, hooks: ItemHooks): TemplateResult {
  const { words, locale } = language;
  const off = desk.locked || hooks.busy(p) > 1;
  const change = desk.mayChange(p);
  const note = newest && desk.order.find((q) => q.id === p.id)?.line?.note; // what its host wanted to say about it
  const e = editing?.id === p.id && editing.place === 'now' ? editing : undefined;
  const tip = (what: string, key: string): string => (newest ? withKey(what, key, words) : what);
  return html`<article class="card" data-product=${p.id} aria-label=${p.title} aria-busy=${hooks.busy(p) > 0}>
    <span class="pic" aria-hidden="true">${pictureOf(p)}</span>
    <div class="what"><span class="more">${newest ? words.isShown : words.dockAlsoShown}</span><h3 dir="auto">${p.title}</h3>${soldBy(p, desk, language)}${prices(p, { origin: home, locale, text: words })}<mediad-deal .desk=${desk} .language=${language} .item=${p}></mediad-deal>${badge(p, words)}${unitsOf(desk.units, p.id, words)}</div>
    ${newest || e ? nothing : moreButton(`now ${p.id}`, p, desk.locked, language, hooks)}
    ${note ? html`<p class="note" dir="auto">${note}</p>` : nothing}
    ${e ? priceForm(p, e, off, language, hooks) : !desk.maySell ? nothing : html`<div class="acts">
      <button type="button" class="unpin" ?disabled=${off} title=${tip(words.unpinTip, keys.unpin)} aria-keyshortcuts=${newest ? keys.unpin : nothing} @click=${() => hooks.unpin(p)}>${words.unpin}</button>
      ${!change ? nothing : outButton(p, off, tip(words.soldOutTip, keys.soldOut), language, hooks)}
      ${desk.mayPrice(p) ? html`<button type="button" class="edit" ?disabled=${off} title=${words.priceTip} @click=${() => hooks.edit(begin(p, 'now'))}>${words.changePrice}</button>` : nothing}
      ${!change ? nothing : html`<select aria-label=${say(words.stockOf, { what: p.title })} title=${words.stockTip} ?disabled=${off} @change=${(ev: Event) => hooks.stock(p, (ev.target as HTMLSelectElement).value as Stock)}>
        ${stocks.map((s) => html`<option value=${s} .selected=${live(s === p.stock)}>${stockWord(s, words)}</option>`)}
      </select>`}
      <mediad-flash .desk=${desk} .locked=${desk.locked} .language=${language} .item=${p}></mediad-flash>
    </div>`}
    ${editing?.id === p.id && !e ? nothing : hooks.trouble(p.id)}
  </article>`;
}

/** One that was shown earlier and still is: a line, with its deeds behind a button. */
function slim(p: Item, _: boolean, desk: Desk, editing: Editing | undefined, language: Language, hooks: ItemHooks): TemplateResult {
  const { words, locale } = language;
  return html`<article class="card slim" data-product=${p.id} aria-label=${p.title} aria-busy=${hooks.busy(p) > 0}>
    <span class="pic" aria-hidden="true">${pictureOf(p)}</span>
    <div class="what"><span class="sr">${words.dockAlsoShown}</span><h3 dir="auto" title=${p.title}>${p.title}</h3><p><strong>${priceOf(p, locale)}</strong> <mediad-deal mark .desk=${desk} .language=${language} .item=${p}></mediad-deal> ${badge(p, words)}</p></div>
    ${desk.maySell ? html`${moreButton(`now ${p.id}`, p, desk.locked, language, hooks)}
      <button type="button" class="unpin" ?disabled=${desk.locked || hooks.busy(p) > 1} title=${words.unpinTip} @click=${() => hooks.unpin(p)}>${words.unpin}<span class="sr">: ${p.title}</span></button>` : nothing}
    <mediad-flash running .desk=${desk} .locked=${desk.locked} .language=${language} .item=${p}></mediad-flash>
    ${editing?.id === p.id ? nothing : hooks.trouble(p.id)}
  </article>`;
}

export const pictureOf = (p: Item, loading?: 'lazy'): TemplateResult => picture({ title: '', description: '', image: p.image, linked: true, raw: {} }, loading);

/** The picture of a line, with its number. */
export const thumb = (p: Item, place: unknown): TemplateResult => html`<span class="thumb">${pictureOf(p, 'lazy')}<span class="place">${place}</span></span>`;

/** Shows the deeds on a product, or puts them away. */
export const moreButton = (what: string, p: Item, locked: boolean, { words }: Language, hooks: ItemHooks): TemplateResult =>
  html`<button type="button" class="menu" ?disabled=${locked} aria-expanded=${hooks.opened(what)} title=${words.dockDeeds} aria-label="${words.dockDeeds}: ${p.title}" @click=${() => hooks.open(what)}>⋯</button>`;

/** Whose product it is, where it is another seller's. */
export const soldBy = (p: Item, desk: Desk, { words }: Language): TemplateResult | typeof nothing => {
  const who = desk.sellerOf(p);
  return who ? html`<span class="more" dir="auto">${say(words.dockSoldBy, { who })}</span>` : nothing;
};

/** Says that a product is sold out, or that it is there again: its label is what it does. How it is stands in the product's badge. */
export const outButton = (p: Item, off: boolean, tip: string, { words }: Language, hooks: ItemHooks): TemplateResult =>
  html`<button type="button" class="out" ?disabled=${off} title=${tip} @click=${() => hooks.soldOut(p)}>${p.stock === 'out' ? words.backInStock : words.markSoldOut}<span class="sr">: ${p.title}</span></button>`;
