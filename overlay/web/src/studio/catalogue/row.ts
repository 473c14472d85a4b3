import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { buyable } from '../../shared/buyable.ts';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import type { Shelf } from './shelf.ts';
import { picture, priceOf, stockWord, stocks, wordsOf, type Product } from './words.ts';

/** What is edited in its place. */
export type Field = 'title' | 'price' | 'category';

/** A cell that somebody edits. `asked`: a price that falls far, and waits for a yes. */
export interface Cell {
  readonly id: string;
  readonly field: Field;
  readonly text: string;
  readonly wrong: string;
  readonly asked?: number;
  readonly question?: string;
  readonly yes?: string;
}

export interface RowHooks {
  choose(p: Product, chosen: boolean, range: boolean): void;
  edit(p: Product, field: Field, begin?: string): void;
  leave(p: Product, field: Field): void;
  save(p: Product, text: string, down: boolean): void;
  yes(p: Product): void;
  stock(p: Product, stock: string): void;
  category(name: string): void;
}

/** Whether one may change a product: others' are in the list, too, where they are granted. */
export const mine = (p: Product, studio: Studio): boolean => !p.granted && studio.may('goods', p.org);

/** `may`: whether the table has a column to select in; `own`: whether this product can be changed. */
export function row(p: Product, cell: Cell | undefined, shelf: Shelf, studio: Studio, may: boolean, own: boolean, hooks: RowHooks): TemplateResult {
  const { language } = studio;
  const words = wordsOf(language);
  const leaving = shelf.leaving.has(p.id);
  const chosen = shelf.chosen.has(p.id);
  const trouble = shelf.troubles.get(p.id);
  const image = picture(p.image || p.images?.[0], true);
  const locked = !own || leaving;
  const text = (field: Field, label: string, shown: unknown, extra = ''): unknown =>
    cell?.field === field ? input(p, cell, label, words, hooks)
      : locked ? html`<span class=${extra}>${shown}</span>`
        : html`<button type="button" class="edit ${extra}" data-field=${field} title=${label} aria-label=${`${label}: ${p.title}, ${field === 'price' ? priceOf(p, language.locale) : field === 'category' ? p.category ?? words.noCategory : ''}`} @click=${() => hooks.edit(p, field)}>${shown}</button>`;
  return html`<tr data-row=${p.id} class="${leaving ? 'leaving' : ''} ${chosen ? 'chosen' : ''}">
    ${may ? html`<td class="tick">${own ? html`<label class="check"><input type="checkbox" .checked=${chosen} ?disabled=${leaving} @click=${(e: MouseEvent) => hooks.choose(p, (e.target as HTMLInputElement).checked, e.shiftKey)} /><span class="sr">${say(words.selectOne, { title: p.title })}</span></label>` : nothing}</td>` : nothing}
    <td class="what"><div>
      <span class="thumb" data-letter=${[...p.title][0] ?? ''}>${image ? html`<img src=${image} alt="" width="44" height="44" loading="lazy" decoding="async" @error=${(e: Event) => ((e.target as HTMLElement).hidden = true)} />` : nothing}</span>
      <div class="names">${text('title', words.editTitle, p.title, 'title')}
        <span class="soft small"><code>${p.sku}</code>${p.variants?.length ? html` · ${say(words.variantCount, { n: p.variants.length })}` : nothing}${p.seller && p.org !== studio.org ? html` · ${say(words.soldBy, { who: p.seller })}` : nothing}${buyable(p) ? nothing : html` · <span class="warn no-link">${words.noLink}</span>`}${p.category ? html`<span class="narrow"> · ${p.category}</span>` : nothing}</span>
        ${trouble ? html`<p class="trouble small" role="alert">${trouble}</p>` : nothing}</div></div></td>
    <td class="number" data-label=${words.priceColumn}>${text('price', words.editPrice, priceOf(p, language.locale))}${p.unit ? html`<span class="soft small unit">${p.unit}</span>` : nothing}</td>
    <td data-label=${words.stockColumn}>${locked ? html`<span class="stock" data-stock=${p.stock}>${stockWord(p.stock, words)}</span>`
      : html`<select data-field="stock" class="stock" .value=${live(p.stock)} data-stock=${p.stock} aria-label="${words.stockColumn}: ${p.title}" @change=${(e: Event) => hooks.stock(p, (e.target as HTMLSelectElement).value)}>
        ${stocks.map((s) => html`<option value=${s} ?selected=${s === p.stock}>${stockWord(s, words)}</option>`)}</select>`}</td>
    <td class="of" data-label=${words.categoryColumn}>${text('category', words.editCategory, p.category || html`<span class="soft">${words.noCategory}</span>`)}</td>
    <td class="end">${leaving ? html`<button type="button" @click=${() => shelf.stay([p])}>${language.words.undoDeed}</button>`
      : html`<div class="acts">${p.category ? html`<button type="button" class="quiet same" title=${say(words.categoryFilter, { name: p.category })} @click=${() => hooks.category(p.category ?? '')}>⌕<span class="sr">${say(words.categoryFilter, { name: p.category })}</span></button>` : nothing}<a class="button" href="#/catalogue/p/${p.id}">${words.details}<span class="sr">: ${p.title}</span></a></div>`}</td>
  </tr>`;
}

function input(p: Product, cell: Cell, label: string, words: ReturnType<typeof wordsOf>, hooks: RowHooks): TemplateResult {
  if (cell.question) {
    return html`<div class="ask" role="group" aria-label=${cell.question} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') hooks.leave(p, cell.field); }}>
      <p>${cell.question}</p><div class="acts">
        <button type="button" class="keep" @click=${() => hooks.leave(p, cell.field)}>${words.giveUpEdit}</button>
        <button type="button" class="danger" @click=${() => hooks.yes(p)}>${cell.yes}</button></div></div>`;
  }
  const value = (e: Event): string => ((e.currentTarget as HTMLElement).querySelector('input') ?? (e.target as HTMLInputElement)).value;
  return html`<form class="cell" @submit=${(e: SubmitEvent) => { e.preventDefault(); hooks.save(p, value(e), true); }}
      @keydown=${(e: KeyboardEvent) => { e.stopPropagation(); if (e.key === 'Escape') hooks.leave(p, cell.field); }}>
    <input .value=${cell.text} aria-label="${label}: ${p.title}" inputmode=${cell.field === 'price' ? 'decimal' : 'text'} maxlength="150" autocomplete="off" enterkeyhint="done"
      aria-invalid=${cell.wrong ? 'true' : 'false'} @blur=${(e: FocusEvent) => { if ((e.target as HTMLElement).isConnected) hooks.save(p, (e.target as HTMLInputElement).value, false); }} />
    ${cell.wrong ? html`<p class="trouble small" role="alert">${cell.wrong}</p>` : nothing}</form>`;
}
