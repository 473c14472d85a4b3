import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import phrases from '../../generated/strings/dock-offers.ts';
import { inLanguage, say } from '../../shared/language.ts';
import { fall, isLargeFall, parsePrice } from '../../shared/price.ts';
import { Asking } from '../asking.ts';
import { patience } from '../desk.ts';
import type { Item } from '../item.ts';
import { priceOf } from '../words.ts';
import { look, offerOf, type Offer } from './book.ts';
import './deal.ts';
import css from './panel.css?text';

/** What is typed, while a large fall waits for its yes. */
interface Form {
  readonly price: number;
  readonly minutes: number;
  readonly total: number;
  readonly buyer: number;
  readonly code: string;
}

/** "4:05" */
export const clock = (seconds: number): string => {
  const s = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
};

/** `<mediad-flash>`: the flash offer of a product that is shown: its form, or how it stands. */
export class Flash extends Asking {
  @property({ attribute: false }) item!: Item;
  /** No offer is begun here: one that is there is shown. */
  @property({ type: Boolean }) running = false;

  @state() private offer: Offer | undefined;
  @state() private asked: Form | undefined;
  private ticks: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.read();
    this.ticks = setInterval(() => {
      if (this.offer) this.requestUpdate(); // the countdown
      void look(this.desk);
      this.offer = offerOf(this.desk, this.item.id);
    }, 250);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticks);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('locked') && !this.locked) void this.read();
  }

  protected async read(): Promise<void> {
    await look(this.desk, true);
    this.offer = offerOf(this.desk, this.item.id);
  }

  private form(): Form | undefined {
    const field = (name: string): string => this.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? '';
    const price = parsePrice(field('flash-price'), this.item.digits);
    if (price === undefined || price >= this.item.price) return undefined;
    return { price, minutes: Number(field('flash-minutes')), total: Number(field('flash-total')) || 0, buyer: Number(field('flash-buyer')) || 0, code: field('flash-code') };
  }

  private submit(e: SubmitEvent): void {
    e.preventDefault();
    const form = this.asked ?? this.form();
    const { item, language: { locale } } = this;
    const t = inLanguage(phrases, locale);
    this.trouble = '';
    if (!form) this.trouble = say(t.flashWrong, { price: priceOf(item, locale) });
    else if (!this.asked && isLargeFall(item.price, form.price)) {
      this.asked = form;
      this.focusOn('.keep'); // the harmless answer has the focus
    } else void this.start(form);
  }

  private async start({ price, minutes, total, buyer, code }: Form): Promise<void> {
    const { desk, item } = this;
    const done = await this.ask(() => desk.client().POST('/api/v1/shows/{show}/offers', {
      params: { path: { show: desk.show } }, signal: AbortSignal.timeout(patience),
      body: { product: item.id, price, duration: minutes * 60, ...(total && { limit_total: total }), ...(buyer && { limit_buyer: buyer }), ...(code && { code }) },
    }));
    if (!done) {
      this.asked = undefined; // the form has what was typed
      return this.focusOn('[name=flash-price]');
    }
    this.close('.end-flash');
  }

  private async end(o: Offer): Promise<void> {
    const { desk } = this;
    if (await this.ask(() => desk.client().DELETE('/api/v1/shows/{show}/offers/{offer}', { params: { path: { show: desk.show, offer: o.id } }, signal: AbortSignal.timeout(patience) }))) this.focusOn('.flash');
  }

  private close(then: string): void {
    [this.editing, this.asked, this.trouble] = [false, undefined, ''];
    this.focusOn(then);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { desk, item, language: { locale }, offer: o, busy } = this;
    const t = inLanguage(phrases, locale);
    if (!desk.maySell || !desk.show) return nothing;
    const off = this.locked || busy;
    const trouble = this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing;
    if (o) return this.stands(o, off, trouble);
    if (this.running) return nothing;
    if (!this.editing) return html`<button type="button" class="flash" ?disabled=${off} title=${t.flashTip} @click=${() => ((this.editing = true), this.focusOn('[name=flash-price]'))}>${t.flash}<span class="sr">: ${item.title}</span></button>`;
    const { asked } = this;
    const number = (name: string, label: string, value: string, top: number, placeholder = ''): TemplateResult =>
      html`<label><span>${label}</span><input name="flash-${name}" type="number" inputmode="numeric" min="1" max=${top} .defaultValue=${value} placeholder=${placeholder} /></label>`;
    return html`<form class="flash-form" aria-label=${say(t.flashOf, { what: item.title })} @submit=${this.submit}
      @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && (e.stopPropagation(), this.close('.flash'))}>
      <div class="flash-fields" ?hidden=${asked !== undefined}>
        <label><span>${say(t.flashPrice, { currency: item.currency })}</span><input name="flash-price" inputmode="decimal" autocomplete="off" dir="ltr" required /></label>
        ${number('minutes', t.flashMinutes, '5', 20)}${number('total', t.flashPieces, '', 1_000_000, t.flashPiecesAny)}${number('buyer', t.flashPerBuyer, '', 100, t.flashPiecesAny)}
        <label><span>${t.flashCode}</span><input name="flash-code" autocomplete="off" maxlength="100" dir="ltr" placeholder=${t.flashCodeNone} /></label>
      </div>
      ${asked ? html`<p class="ask" role="alert">${say(t.flashLargeFall, { from: priceOf(item, locale), to: priceOf({ ...item, price: asked.price }, locale), n: fall(item.price, asked.price) })}</p>
          <button type="button" class="keep" @click=${() => ((this.asked = undefined), this.focusOn('[name=flash-price]'))}>${t.flashKeep}</button>
          <button type="submit" class="loud yes" ?disabled=${off}>${say(t.flashYes, { price: priceOf({ ...item, price: asked.price }, locale) })}</button>`
        : html`<button type="submit" class="loud" ?disabled=${off}>${t.flashStart}</button><button type="button" @click=${() => this.close('.flash')}>${t.flashCancel}</button>`}
      ${trouble}
    </form>`;
  }

  private stands(o: Offer, off: boolean, trouble: TemplateResult | typeof nothing): TemplateResult {
    const { desk, item, language: { locale } } = this;
    const t = inLanguage(phrases, locale);
    const now = desk.serverNow();
    const [starts, ends] = [Date.parse(o.starts_at), Date.parse(o.ends_at)];
    const open = now >= starts;
    const price = priceOf({ ...item, price: o.price }, locale);
    const taken = o.limit_total ? say(t.flashTakenOf, { n: o.taken, total: o.limit_total }) : say(t.flashTaken, { n: o.taken });
    return html`<p class="flash-now" data-open=${open}><b>${t.flashTitle}</b> <span>${say(open ? t.flashOpen : t.flashOpens, { price, time: clock(((open ? ends : starts) - now) / 1000) })}</span> <span>${taken}</span>
      <button type="button" class="end-flash" ?disabled=${off} @click=${() => void this.end(o)}>${open ? t.flashEnd : t.flashUndo}</button></p>${trouble}`;
  }
}

if (!customElements.get('mediad-flash')) {
  document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
  customElements.define('mediad-flash', Flash);
}

declare global {
  interface HTMLElementTagNameMap {
    'mediad-flash': Flash;
  }
}
