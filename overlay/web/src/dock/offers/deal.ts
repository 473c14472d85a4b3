import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import phrases from '../../generated/strings/dock-offers.ts';
import { inLanguage, say } from '../../shared/language.ts';
import { prices } from '../../shared/product.ts';
import { home } from '../../shared/server.ts';
import type { Desk } from '../desk.ts';
import type { Item } from '../item.ts';
import { priceOf, type Language } from '../words.ts';
import { holds, look, offerOf } from './book.ts';

/** `<mediad-deal>`: the price that viewers are asked for while a flash offer holds, in place of the usual one; with `mark`, as a mark beside it. */
export class Deal extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) language!: Language;
  @property({ attribute: false }) item!: Item;
  @property({ type: Boolean }) mark = false;
  private ticks: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ticks = setInterval(() => {
      void look(this.desk);
      this.requestUpdate();
    }, 500);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticks);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { desk, item, language: { locale, words } } = this;
    const o = offerOf(desk, item.id);
    const open = o !== undefined && !o.variant && holds(o, desk.serverNow());
    this.toggleAttribute('open', open);
    if (!open) return nothing;
    const now = { ...item, price: o.price };
    const t = inLanguage(phrases, locale);
    if (this.mark) return html`<span class="badge">${say(t.flashMark, { price: priceOf(now, locale) })}</span>`;
    return prices({ ...now, list_price: Math.max(item.price, item.list_price ?? 0) }, { origin: home, locale, text: words });
  }
}

if (!customElements.get('mediad-deal')) customElements.define('mediad-deal', Deal);

declare global {
  interface HTMLElementTagNameMap {
    'mediad-deal': Deal;
  }
}
