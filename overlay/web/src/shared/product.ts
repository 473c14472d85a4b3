import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Words } from '../generated/strings/product.ts';
import type { Product } from './cue.ts';
import { shopLink } from './addresses.ts';
import type { Details } from './details.ts';
import { icons } from './icons.ts';
import { inLocale } from './language.ts';
import { discount, money } from './money.ts';

/** A product as viewers see it, on a card or in a list: its title, picture, price, badge and the way to the shop. */

export interface CardWords {
  readonly origin: string;
  readonly locale: string;
  readonly text: Words;
  /** Where the shop opens; left out: in a new tab. */
  readonly target?: string;
}

/** The title in the viewer's language, if the shop has one; a title that the page or a change of the show gives it stays. */
export function titleOf(p: Product, d: Details | undefined, { text, locale }: Pick<CardWords, 'text' | 'locale'>): string {
  const said = (typeof p.title === 'string' && p.title) || d?.title || '';
  return (d && said === d.title && inLocale(d.titles, locale)) || said || p.sku || text.unnamedProduct;
}

/** The content of a product's frame: the bag, and the picture over it. Each address has its own element, so that an address
    that fails does not hide the picture of the next one. */
export const picture = (d: Details | undefined, loading: 'lazy' | 'eager' = 'eager'): TemplateResult =>
  html`${icons.bag}${d?.image ? keyed(d.image, html`<img src=${d.image} alt="" loading=${loading} decoding="async" @error=${hide} />`) : nothing}`;

/** If a picture cannot be loaded, the bag behind it is seen. */
function hide(e: Event): void {
  (e.target as HTMLElement).hidden = true;
}

export function prices(p: Product, w: CardWords): TemplateResult | typeof nothing {
  const now = money(p.price, p.currency, w.locale, p.digits);
  if (!now) return nothing;
  const off = discount(p.price, p.list_price, w.locale);
  const list = off ? money(p.list_price, p.currency, w.locale, p.digits) : '';
  return html`<p class="prices">
    <strong>${now}</strong>${list
      ? html` <span class="was"><span class="sr">${w.text.listPrice} </span><s>${list}</s> <em>${off}</em></span>`
      : nothing}
  </p>`;
}

export function badge(p: Product, text: Words): TemplateResult | typeof nothing {
  const words = { low: text.stockLow, out: text.stockOut, preorder: text.stockPreorder, in: '' }[p.stock ?? 'in'];
  return words ? html`<span class="badge" part="badge" data-stock=${p.stock}>${words}</span>` : nothing;
}

/** What a link says of where it opens. */
export const opens = ({ target, text }: CardWords): string => (target ? '' : ` (${text.opensTab})`);

/**
 * A plain link, so that it works without a script, by keyboard, and with the browser's menu. While the details are
 * not known, the product may have a page in the shop, so the link is offered. `choose` opens the choice of a variant, where there is one here.
 */
export function buy(p: Product, d: Details | undefined, show: string, title: string, w: CardWords, click?: (e: Event) => void, label = '', choose?: () => void): TemplateResult | typeof nothing {
  const { text } = w;
  const out = p.stock === 'out';
  if (d?.choice && choose && !out) return html`<button class="buy" part="buy choose" type="button" aria-haspopup="dialog" aria-label="${text.choose}: ${title}" @click=${choose}>${text.choose}</button>`;
  if (d && !d.linked) return out ? nothing : html`<span class="unlinked">${text.noShopLink}</span>`;
  const words = out ? text.viewProduct : d?.choice ? text.choose : p.stock === 'preorder' ? text.preorder : label || text.buy;
  return html`<a class="buy ${out ? 'quiet' : ''}" part="buy" href=${shopLink(w.origin, show, p.id)} target=${w.target ?? '_blank'} rel="noopener"
    aria-label="${words}: ${title}${opens(w)}" @click=${click ?? nothing}>${words}</a>`;
}
