import { html, nothing, type TemplateResult } from 'lit';
import type { Studio } from '../context.ts';
import '../parts/copy.ts';
import { hashOf } from '../route.ts';
import { isOwnMachine } from '../rooms/code.ts';
import type { Shop } from './kinds.ts';
import './secret.ts';
import { wordsOf, type Words } from './words.ts';

/** How a shop is taught to tell of its orders, step by step, in the words of its own pages. */

const shopifyEvents = ['Order payment', 'Order cancellation', 'Refund create'];
const stripeEvents = ['checkout.session.completed', 'checkout.session.async_payment_succeeded', 'checkout.session.async_payment_failed', 'checkout.session.expired', 'refund.created', 'refund.updated', 'refund.failed'];
const plainTypes = ['order.paid', 'order.pending', 'order.failed', 'order.refunded', 'order.cancelled'];

const example = `{
  "type": "order.paid",
  "timestamp": "2026-11-30T20:00:00Z",
  "data": {
    "order": "4711",
    "amount": 4990,
    "currency": "CNY",
    "click": "01K4…",
    "lines": [{
      "sku": "CORN-5KG", "title": "Corn 5 kg",
      "quantity": 1, "amount": 4990
    }]
  }
}`;

const listing = (shop: Shop): string => `PUT /api/v1/shops/${shop.id}/listings/SKU\n{ "ref": "70881412" }`;

export function steps(shop: Shop, studio: Studio, changed: (shop: Shop) => void): TemplateResult {
  const { language } = studio;
  const words = wordsOf(language);
  const secret = html`<shop-secret .studio=${studio} .shop=${shop} .changed=${changed}></shop-secret>`;
  const hook = html`<div class="with-button hook" role="group" aria-label=${words.hookLabel}><code dir="ltr">${shop.hook}</code><studio-copy .words=${language.words} .text=${shop.hook} .what=${words.hookLabel}></studio-copy></div>
    ${isOwnMachine(shop.hook) ? html`<p class="warn small">${words.ownMachine}</p>` : nothing}`;
  return html`<ol class="steps">${own(shop, words, secret, hook, studio, changed).map((step) => html`<li>${step}</li>`)}<li><p>${words.testOrder}</p></li></ol>`;
}

const names = (list: readonly string[]): TemplateResult => html`<ul class="names">${list.map((e) => html`<li><code dir="ltr">${e}</code></li>`)}</ul>`;

function own(shop: Shop, words: Words, secret: TemplateResult, hook: TemplateResult, studio: Studio, changed: (shop: Shop) => void): TemplateResult[] {
  switch (shop.kind) {
    case 'shopify':
      return [html`<p>${words.shopifyOpen}</p>`, html`<p>${words.shopifyMake}</p>${names(shopifyEvents)}${hook}`, html`<p>${words.shopifySecret}</p>${secret}`,
        html`<p>${words.shopifyNumbers}</p><pre dir="ltr" tabindex="0" aria-label=${words.listingName}><code>${listing(shop)}</code></pre><studio-copy .words=${studio.language.words} .text=${listing(shop)} .what=${words.listingName}></studio-copy>`];
    case 'stripe-link':
      return [html`<p>${words.stripeLinks}</p><p><a href=${hashOf('catalogue')}>${words.toCatalogue}</a></p>`, ...stripe(words, secret, hook)];
    case 'stripe-session':
      return [html`<p>${words.stripeKey}</p><shop-secret name="api_key" .studio=${studio} .shop=${shop} .changed=${changed}></shop-secret>`, ...stripe(words, secret, hook),
        html`<p>${words.stripeUnits}</p><p><a href=${hashOf('shows')}>${words.toShows}</a></p>`];
  }
  return [
    html`<p>${words.linkOpen}</p>${hook}`,
    html`<p>${words.linkSecret} <a href="https://www.standardwebhooks.com/" target="_blank" rel="noopener noreferrer">${words.linkSite}</a></p>${secret}`,
    html`<p>${words.linkBody}</p>${names(plainTypes)}<pre dir="ltr" tabindex="0" aria-label=${words.bodyName}><code>${example}</code></pre><studio-copy .words=${studio.language.words} .text=${example} .what=${words.bodyName}></studio-copy>`,
    html`<p>${words.linkClick}</p>`,
  ];
}

const stripe = (words: Words, secret: TemplateResult, hook: TemplateResult): TemplateResult[] =>
  [html`<p>${words.stripeOpen}</p>`, html`<p>${words.stripeMake}</p>${names(stripeEvents)}${hook}`, html`<p>${words.stripeSecret}</p>${secret}`];
