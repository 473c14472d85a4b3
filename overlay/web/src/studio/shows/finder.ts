import { html, nothing, type TemplateResult } from 'lit';
import { buyable } from '../../shared/buyable.ts';
import { say } from '../../shared/language.ts';
import { webURL } from '../../shared/web-url.ts';
import { blankOf } from '../parts/blank.ts';
import { icons } from '../parts/icons.ts';
import type { Goods } from './change.ts';
import { priceOf, type Words } from './words.ts';

/** The catalogue beside the line-up: a search, and what it finds. */

export interface Found {
  readonly q: string;
  readonly items: readonly Goods[];
  /** The cursor of the next page; undefined: there is none. */
  readonly next?: string | undefined;
  readonly state: 'reading' | 'read' | 'failed';
  readonly trouble: string;
}

export const nothingFound: Found = { q: '', items: [], state: 'reading', trouble: '' };

export interface FinderHooks {
  readonly base: string;
  /** Whether one may change the line-up. */
  readonly may: boolean;
  has(product: string): boolean;
  search(q: string): void;
  more(): void;
  add(p: Goods): void;
  press(e: PointerEvent, p: Goods): void;
}

export function finder(f: Found, words: Words, locale: string, hooks: FinderHooks): TemplateResult {
  return html`<div class="finder">
    <label class="field"><span>${words.findGoods}</span><input type="search" name="q" maxlength="100" autocomplete="off" placeholder=${words.findHint} .value=${f.q} @input=${(e: Event) => hooks.search((e.target as HTMLInputElement).value)} /></label>
    <p class="sr" role="status">${f.state === 'read' ? say(words.foundCount, { n: f.items.length }) : nothing}</p>
    ${f.trouble ? html`<p class="trouble" role="alert">${f.trouble}</p>` : nothing}
    ${f.state === 'read' && !f.items.length ? html`<p class="soft">${f.q ? words.foundNone : html`${words.catalogueEmpty} <a href="#/catalogue">${words.toCatalogue}</a>`}</p>` : nothing}
    <ul tabindex="0" aria-label=${words.catalogueList} aria-busy=${f.state === 'reading'}>${f.items.map((p) => row(p, words, locale, hooks))}</ul>
    ${f.next ? html`<button type="button" @click=${() => hooks.more()}>${words.moreGoods}</button>` : nothing}
  </div>`;
}

function row(p: Goods, words: Words, locale: string, hooks: FinderHooks): TemplateResult {
  const image = p.image || p.images?.[0];
  const has = hooks.has(p.id);
  return html`<li class="found" data-has=${has}>
    <span class="grab" @pointerdown=${hooks.may && !has ? (e: PointerEvent) => hooks.press(e, p) : nothing}>
      ${image ? html`<img src=${webURL(image, hooks.base)} alt="" loading="lazy" draggable="false" referrerpolicy="no-referrer" />` : blankOf(p.title)}
      <span class="what"><b>${p.title}</b><small class="soft"><span dir="ltr">${p.sku}</span> · ${priceOf(p, locale)}${p.stock === 'out' ? html` · <span class="warn">${words.soldOut}</span>` : nothing}${p.seller ? html` · ${say(words.soldBy, { who: p.seller })}` : nothing}${buyable(p) ? nothing : html` · <span class="warn">${words.noLink}</span>`}</small></span></span>
    ${has ? html`<span class="there">${icons.done}<span>${words.inLineup}</span></span>`
      : hooks.may ? html`<button type="button" @click=${() => hooks.add(p)}>${icons.add}<span>${words.addGood}</span><span class="sr">: ${p.title}</span></button>` : nothing}
  </li>`;
}
