import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { say } from '../shared/language.ts';
import type { Desk } from './desk.ts';
import { grip } from './grip.ts';
import { found, neighbours, type Item } from './item.ts';
import { keys } from './keys.ts';
import { moreButton, outButton, soldBy, thumb, type ItemHooks } from './now.ts';
import { begin, priceForm, type Editing } from './price-form.ts';
import { priceOf, stockWord, withKey, type Language } from './words.ts';

/** The run of show: the products in their order, with a search. */

export interface ListHooks extends ItemHooks {
  search(text: string): void;
  choose(p: Item): void;
  /** Puts a product behind the present line. */
  putNext(p: Item): void;
  /** Puts a product behind another one; "": in front of all. */
  place(p: Item, after: string): void;
  /** Opens the form to add a product. */
  add(): void;
}

const searched = 50; // products that the server finds at most

export function list(desk: Desk, search: string, chosen: string, editing: Editing | undefined, form: TemplateResult | undefined, language: Language, hooks: ListHooks): TemplateResult {
  const { words } = language;
  const all = desk.order;
  const seen = found(all, search);
  const beyond = search ? desk.others : [];
  const n = seen.length + beyond.length;
  const none = all.length > 0 && !n;
  const results = !search ? '' : none && desk.finder.busy ? words.dockSearching : say(n === 1 ? words.dockFoundOne : words.dockFound, { n: beyond.length < searched ? n : `${n}+`, what: search });
  return html`<section class="sheet run" aria-labelledby="run">
    <div class="run-head"><h2 id="run" dir="auto">${results || html`${desk.lineup || !all.length ? words.runOfShow : words.dockAllProducts} <span class="soft">${all.length ? `· ${all.length}` : ''}</span>`}</h2><span class="sr" role="status">${results}</span>
      ${all.length && !form && desk.maySell ? html`<button type="button" class="add" ?disabled=${desk.locked} title=${words.addTip} @click=${() => hooks.add()}>${words.addProduct}</button>` : nothing}
    </div>
    ${form ?? (all.length || desk.locked ? nothing : html`<p class="empty">${words.noProducts}</p>`)}
    ${all.length ? html`<input id="search" type="search" autocomplete="off" placeholder=${words.searchHint} aria-label=${words.searchLabel} title=${withKey(words.searchLabel, keys.search, words)} aria-keyshortcuts=${keys.search} .value=${search}
      @input=${(e: Event) => hooks.search((e.target as HTMLInputElement).value)} />` : nothing}
    ${none ? html`<div class="empty">${desk.finder.busy ? nothing : html`<p>${say(words.noneFound, { what: search })}</p>`}<button type="button" @click=${() => hooks.search('')}>${words.clearSearch}</button></div>` : nothing}
    <ol class="rows">${repeat(seen, (p) => p.id, (p) => row(p, all.indexOf(p) + 1, desk, chosen === p.id, editing, language, hooks, !search))}</ol>
    ${beyond.length ? html`<h3 class="beyond">${desk.lineup ? words.beyondLineup : words.beyondOrder}</h3><ol class="rows">${repeat(beyond, (p) => p.id, (p) => row(p, 0, desk, chosen === p.id, editing, language, hooks))}</ol>` : nothing}
  </section>`;
}

function row(p: Item, place: number, desk: Desk, chosen: boolean, editing: Editing | undefined, language: Language, hooks: ListHooks, sortable = false): TemplateResult {
  const { words, locale } = language;
  const shown = desk.pinned.some((q) => q.id === p.id);
  const main = desk.pinned.at(-1)?.id === p.id;
  const { maySell } = desk;
  const open = hooks.opened(`run ${p.id}`);
  const off = desk.locked || !maySell || hooks.busy(p) > 1;
  const e = editing?.id === p.id && editing.place === 'run' ? editing : undefined;
  const pressed = (): void => (off ? undefined : shown ? hooks.unpin(p) : hooks.pin(p));
  const sku = p.sku !== p.title && p.sku;
  const badge = p.stock !== 'in' && html`<span class="badge" data-stock=${p.stock}>${stockWord(p.stock, words)}</span>`;
  const bare = !p.buyable && html`<span class="badge">${words.noLink}</span>`;
  // While controls are locked the rows can still be walked through: aria-disabled keeps the focus.
  const { lineup } = desk;
  const next = lineup && lineup.line !== p.id && neighbours(desk.order, lineup.line).next?.id !== p.id;
  return html`<li data-product=${p.id} data-shown=${shown} data-chosen=${chosen} data-present=${lineup !== undefined && lineup.line === p.id} data-open=${open} aria-busy=${hooks.busy(p) > 0}>
    ${lineup && sortable && maySell ? grip(p, place, desk.locked, language, hooks) : thumb(p, place || '')}
    <button type="button" class="pick" aria-current=${lineup?.line === p.id ? 'step' : nothing} aria-disabled=${off} aria-keyshortcuts=${shown ? keys.unpin : keys.pin} title=${!maySell ? nothing : shown ? withKey(words.unpinTip, keys.unpin, words) : withKey(words.pinTip, keys.pin, words)}
      @focus=${() => hooks.choose(p)} @click=${pressed}>
      <span class="what"><span class="name" dir="auto">${p.title}</span><span class="more"><b>${priceOf(p, locale)}</b> ${shown ? html`<span class="badge" data-on=${main}>${main ? words.isShown : words.dockAlsoShown}</span> ` : nothing}<mediad-deal mark .desk=${desk} .language=${language} .item=${p}></mediad-deal> ${badge || nothing} ${bare || nothing} ${sku ? html`<span class="sku" dir="auto">${sku}</span>` : nothing}</span>${soldBy(p, desk, language)}${p.line?.note ? html`<span class="note" dir="auto">${p.line.note}</span>` : nothing}</span>
      ${maySell ? html`<span class="does">${shown ? words.unpin : words.pin}</span>` : nothing}
    </button>
    ${e ? priceForm(p, e, off, language, hooks) : !maySell ? nothing : html`${moreButton(`run ${p.id}`, p, desk.locked, language, hooks)}<span class="row-acts">
      ${next ? html`<button type="button" class="put-next" ?disabled=${off} title=${withKey(words.dockPutNextTip, keys.putNext, words)} @click=${() => hooks.putNext(p)}>${words.dockPutNext}<span class="sr">: ${p.title}</span></button>` : nothing}
      <button type="button" class="price" ?disabled=${off || !desk.mayPrice(p)} title=${words.priceTip} @click=${() => hooks.edit(begin(p, 'run'))}>${priceOf(p, locale)}<span class="sr">: ${words.changePrice} ${p.title}</span></button>
      ${!desk.mayChange(p) ? nothing : outButton(p, off, withKey(words.soldOutTip, keys.soldOut, words), language, hooks)}
    </span>`}
    ${shown && !e ? nothing : hooks.trouble(p.id)}
  </li>`;
}
