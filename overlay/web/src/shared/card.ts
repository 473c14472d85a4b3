import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { buyURL, type Details } from './details.ts';
import { icons } from './icons.ts';
import { discount, money } from './money.ts';
import type { Product } from './cue.ts';
import type { Card } from '../player/pins.ts';
import type { Strings } from './strings.ts';

export interface CardWords {
  readonly origin: string;
  readonly locale: string;
  readonly text: Strings;
}

export const titleOf = (p: Product, d: Details | undefined, text: Strings): string =>
  (typeof p.title === 'string' && p.title) || d?.title || p.sku || text.product;

/** What lies in a product's frame: the bag, and the picture over it. Each address has an element of its own, so that
    one that failed does not hide the next. */
export const picture = (d: Details | undefined, loading: 'lazy' | 'eager' = 'eager'): TemplateResult =>
  html`${icons.bag}${d?.image ? keyed(d.image, html`<img src=${d.image} alt="" loading=${loading} decoding="async" @error=${hide} />`) : nothing}`;

const framed = (d: Details | undefined): TemplateResult => html`<span class="pic" aria-hidden="true">${picture(d)}</span>`;

/** A picture that cannot be had leaves the bag drawn behind it. */
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

export function badge(p: Product, text: Strings): TemplateResult | typeof nothing {
  const words = { low: text.low, out: text.out, preorder: text.preorderBadge, in: '' }[p.stock ?? 'in'];
  return words ? html`<span class="badge" part="badge" data-stock=${p.stock}>${words}</span>` : nothing;
}

/**
 * A plain link, so that it works without a script, by keyboard, and with the menu of the browser. While nothing is
 * known of the product beyond the cue there may be a way to the shop, so it is offered.
 */
export function buy(p: Product, d: Details | undefined, show: string, title: string, w: CardWords, click?: (e: Event) => void): TemplateResult | typeof nothing {
  if (d && !d.linked) return nothing;
  const out = p.stock === 'out';
  const words = out ? w.text.view : p.stock === 'preorder' ? w.text.preorder : w.text.buy;
  return html`<a class="buy ${out ? 'quiet' : ''}" part="buy" href=${buyURL(w.origin, show, p)} target="_blank" rel="noopener"
    aria-label="${words}: ${title} (${w.text.opensTab})" @click=${click ?? nothing}>${words}</a>`;
}

/** The card of the product that was pinned last. */
export function bigCard(c: Card, d: Details | undefined, w: CardWords, click: (e: Event) => void): TemplateResult {
  const { product: p, show } = c;
  const title = titleOf(p, d, w.text);
  return html`<article class="card big" part="card" data-product-id=${c.leaving ? nothing : p.id} ?data-leaving=${c.leaving}
    ?inert=${c.leaving} data-stock=${p.stock ?? 'in'}>
    ${framed(d)}
    <div class="facts">
      <p class="eyebrow"><i></i><span>${w.text.featured}</span>${badge(p, w.text)}</p>
      <h3 class="title" title=${title}>${title}</h3>
      ${d?.description ? html`<p class="about">${d.description}</p>` : nothing}
      <div class="deal">${prices(p, w)}${buy(p, d, show, title, w, click)}</div>
    </div>
  </article>`;
}

/** A product pinned earlier and still on: one small link. */
export function chip(c: Card, d: Details | undefined, w: CardWords, click: (e: Event) => void): TemplateResult {
  const { product: p, show } = c;
  const title = titleOf(p, d, w.text);
  const price = money(p.price, p.currency, w.locale, p.digits);
  const shown = p.stock === 'out' ? w.text.out : price;
  const said = `${w.text.alsoPinned}: ${[title, shown].filter(Boolean).join(', ')}`; // what is read, and more
  const inside = html`${framed(d)}<span class="facts"><span class="title">${title}</span><strong>${shown}</strong></span>`;
  if (d && !d.linked) {
    return html`<div class="card chip" part="card chip" role="group" aria-label=${said} data-product-id=${c.leaving ? nothing : p.id}
      ?data-leaving=${c.leaving} ?inert=${c.leaving} data-stock=${p.stock ?? 'in'}>${inside}</div>`;
  }
  return html`<a class="card chip" part="card chip" data-product-id=${c.leaving ? nothing : p.id} ?data-leaving=${c.leaving}
    ?inert=${c.leaving} data-stock=${p.stock ?? 'in'} href=${buyURL(w.origin, show, p)} target="_blank" rel="noopener"
    aria-label="${said} (${w.text.opensTab})" @click=${click}>${inside}</a>`;
}
