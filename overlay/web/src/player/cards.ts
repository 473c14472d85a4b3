import { html, nothing, type TemplateResult } from 'lit';
import { shopLink } from '../shared/addresses.ts';
import type { Details } from '../shared/details.ts';
import { money } from '../shared/money.ts';
import { badge, buy, opens, picture, prices, titleOf } from '../shared/product.ts';
import type { Card } from './pins.ts';
import type { PlayerWords } from './words.ts';

/** The cards over the picture. */

const framed = (d: Details | undefined): TemplateResult => html`<span class="pic" aria-hidden="true">${picture(d)}</span>`;

/** The card of the newest pinned product. */
export function bigCard(c: Card, d: Details | undefined, w: PlayerWords, click: (e: Event) => void, choose?: () => void): TemplateResult {
  const { product: p, show } = c;
  const title = titleOf(p, d, w);
  return html`<article class="card big" part="card" data-product-id=${c.leaving ? nothing : p.id} ?data-leaving=${c.leaving}
    ?inert=${c.leaving} data-stock=${p.stock ?? 'in'}>
    ${framed(d)}
    <div class="facts">
      <p class="eyebrow"><i></i><span>${w.text.featured}</span>${badge(p, w.text)}</p>
      <h3 class="title" dir="auto" title=${title}>${title}</h3>
      ${d?.description ? html`<p class="about" dir="auto">${d.description}</p>` : nothing}
      <div class="deal">${prices(p, w)}${buy(p, d, show, title, w, click, '', choose)}<mediad-offer part="offer" .words=${w} .product=${p} .show=${show} .facts=${d}></mediad-offer></div>
    </div>
  </article>`;
}

/** A product that was pinned earlier and is still pinned: one small link. */
export function chip(c: Card, d: Details | undefined, w: PlayerWords, click: (e: Event) => void): TemplateResult {
  const { product: p, show } = c;
  const title = titleOf(p, d, w);
  const price = money(p.price, p.currency, w.locale, p.digits);
  const shown = p.stock === 'out' ? w.text.stockOut : price;
  const few = p.stock === 'low' ? w.text.stockLow : '';
  const said = `${w.text.alsoPinned}: ${[title, shown, few].filter(Boolean).join(' ')}`; // the visible text, and more
  const inside = html`${framed(d)}<span class="facts"><span class="title" dir="auto">${title}</span><span><strong>${shown}</strong>${few ? html`<small class="low">${few}</small>` : nothing}</span></span>`;
  if (d && !d.linked) {
    return html`<div class="card chip" part="card chip" role="group" aria-label=${said} data-product-id=${c.leaving ? nothing : p.id}
      ?data-leaving=${c.leaving} ?inert=${c.leaving} data-stock=${p.stock ?? 'in'}>${inside}</div>`;
  }
  return html`<a class="card chip" part="card chip" data-product-id=${c.leaving ? nothing : p.id} ?data-leaving=${c.leaving}
    ?inert=${c.leaving} data-stock=${p.stock ?? 'in'} href=${shopLink(w.origin, show, p.id)} target=${w.target ?? '_blank'} rel="noopener"
    aria-label="${said}${opens(w)}" @click=${click}>${inside}</a>`;
}
