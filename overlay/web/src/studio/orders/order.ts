import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { Section } from '../parts/light.ts';
import { moment, precise, second } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import { inShop } from './there.ts';
import { badge } from './list.ts';
import '../parts/ask.ts';
import './match.ts';
import { foreign, history, paidLate, steps } from './sum.ts';
import { amount, short, when, wordsOf, type Story, type Words } from './words.ts';

/** `<studio-order>`: one order: what somebody has to do, its money, its lines, the show that it came from, and what the shop told. */
export class OrderPage extends Section {
  @property() order = '';
  @property({ attribute: false }) shops: readonly Schemas['ShopBody'][] = [];
  @state() private at: Story | undefined;
  @state() private missing = '';

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('order') && this.order) void this.load();
  }

  protected override render(): TemplateResult {
    const { studio, at: o } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const { locale } = language;
    const back = html`<a class="back" href=${hashOf('orders')}>${words.allOrders}</a>`;
    if (this.missing) return html`${back}<div class="empty" role="alert"><p>${this.missing}</p></div>`;
    if (!o) return html`${back}<p class="soft" role="status">${language.words.loadingPart}</p>`;
    const shop = this.shops.find((s) => s.id === o.shop);
    const there = shop && inShop(shop, o.name);
    return html`${back}<div class="head"><h1><bdi>${o.name}</bdi></h1><div class="acts">${badge(o, studio)}${there ? html`<a class="button" href=${there} target="_blank" rel="noopener noreferrer">${say(words.openInShop, { shop: shop.name })}</a>` : nothing}</div><p>${shop?.name ?? words.unknownShop} · <time datetime=${when(o)} title=${precise(when(o), locale)}>${moment(when(o), locale)}</time></p></div>
      ${notices(o, words, locale)}
      <div class="parts"><section class="sheet stack"><h2>${words.linesHead}</h2>${lines(o, words, locale)}${sums(o, words, locale)}</section>
        <section class="sheet stack"><order-show .studio=${studio} .order=${o} .changed=${() => this.load()}></order-show></section></div>
      <section class="sheet stack"><h2>${words.factsHead}</h2><ol class="facts">${history(o, words).map((f) => html`<li><time datetime=${f.at} title=${precise(f.at, locale)}>${second(f.at, locale)}</time> <span>${f.text}${f.amount ? html` · <strong>${amount(f.amount, f.currency ? f : o, locale)}</strong>` : nothing}</span></li>`)}</ol><p class="soft small">${words.factsWhy}</p></section>
      ${o.buyer ? html`<section class="sheet stack buyer" data-buyer=${o.buyer}><h2>${words.buyerHead}</h2><p class="soft">${o.buyer === 'erased' ? words.buyerErased : words.buyerWhy}</p>
        ${o.buyer === 'known' && studio.may('own', o.org) ? html`<div class="acts"><studio-ask .words=${language.words} .label=${words.eraseBuyer} .question=${words.eraseAsk} .yes=${words.eraseYes} .act=${() => this.erase()}></studio-ask></div>` : nothing}</section>` : nothing}`;
  }

  /** Forgets who bought, here and in the other orders of the same buyer. */
  private async erase(): Promise<string> {
    const { client, wrong, tell, language } = this.studio;
    const answer = await client.DELETE('/api/v1/orders/{order}/buyer', { params: { path: { order: this.order } } });
    if (!answer.data) return wrong(answer);
    await this.load();
    const words = wordsOf(language);
    tell(say(words.erased, { n: answer.data.orders }));
    return '';
  }

  private async load(): Promise<void> {
    const { client, wrong, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.GET('/api/v1/orders/{order}', { params: { path: { order: this.order } } });
    if (answer.data) this.at = answer.data;
    else this.missing = answer.response.status === 404 ? words.gone : wrong(answer);
  }
}

/** What somebody has to do, or must not do yet. */
function notices(o: Story, words: Words, locale: string): TemplateResult {
  const loud = (head: string, why: string): TemplateResult => html`<section class="notice loud" role="alert"><h2>${head}</h2><p>${why}</p></section>`;
  return html`${short(o) ? loud(say(words.shortHead, { n: short(o) }), words.shortWhy) : nothing}
    ${o.over ? loud(say(words.overHead, { amount: amount(o.over, o, locale) }), words.overWhy) : nothing}
    ${foreign(o).map((f) => loud(say(words.foreignHead, { amount: amount(f.amount, f, locale) }), words.foreignWhy))}
    ${paidLate(o) ? loud(words.lateHead, words.lateWhy) : nothing}
    ${o.state === 'pending' || o.state === 'parked' ? html`<section class="notice"><p>${o.state === 'pending' ? words.pending : words.parked}</p></section>` : nothing}`;
}

function sums(o: Story, words: Words, locale: string): TemplateResult | typeof nothing {
  const all = steps(o, words);
  if (!all.length) return nothing;
  return html`<dl class="sums">${all.map((s) => html`<div data-strong=${s.strong ? '' : nothing}><dt>${s.name}</dt><dd>${s.amount < 0 ? html`<bdi>−${amount(-s.amount, o, locale)}</bdi>` : amount(s.amount, o, locale)}</dd></div>`)}</dl>
    ${o.state === 'cancelled' ? html`<p class="soft">${words.cancelledNet}</p>` : nothing}`;
}

function lines(o: Story, words: Words, locale: string): TemplateResult {
  if (!o.lines?.length) return html`<p class="soft">${words.noLines}</p>`;
  return html`<table class="rows"><thead><tr><th scope="col">${words.productColumn}</th><th scope="col">${words.skuColumn}</th><th scope="col" class="number">${words.quantityColumn}</th><th scope="col" class="number">${words.amountColumn}</th></tr></thead>
    <tbody>${o.lines.map((l) => html`<tr><td><strong>${l.title || l.sku || l.ref}</strong>${l.product ? nothing : html`<br /><span class="soft small">${words.notOurs}</span>`}</td>
      <td data-label=${words.skuColumn}><bdi>${l.sku || '–'}</bdi></td><td class="number" data-label=${words.quantityColumn}>${l.quantity.toLocaleString(locale)}</td><td class="number" data-label=${words.amountColumn}>${amount(l.amount, o, locale)}</td></tr>`)}</tbody></table>`;
}

customElements.define('studio-order', OrderPage);
