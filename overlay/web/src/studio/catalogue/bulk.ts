import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { newKey } from '../parts/once.ts';
import type { Choices } from './choices.ts';
import { repriced } from './reprice.ts';
import type { Shelf } from './shelf.ts';
import { poolForm, putInto } from './to-pool.ts';
import { wordsOf, type Change, type Product } from './words.ts';

const largeFall = 30; // percent

/** The bar over the table while products are selected. `away`: where the focus goes when it closes. */
export const bulk = (shelf: Shelf, studio: Studio, choices: Choices, away: () => void): TemplateResult =>
  html`<catalogue-bulk .shelf=${shelf} .studio=${studio} .choices=${choices} .tick=${{}} .away=${away}></catalogue-bulk>`;

/** `<catalogue-bulk>`: changes all that is selected. */
export class Bulk extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) shelf!: Shelf;
  @property({ attribute: false }) choices!: Choices;
  @property({ attribute: false }) tick: object = {};
  @property({ attribute: false }) away!: () => void;
  @state() private open: 'percent' | 'category' | 'pool' | undefined;
  @state() private pool = '';
  @state() private asked = 0;
  @state() private wrong = '';
  private fresh = { name: '', key: '' }; // a new pool, until it is there

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { shelf } = this;
    const words = wordsOf(this.studio.language);
    const busy = shelf.working;
    const turn = (what: 'percent' | 'category' | 'pool'): void => {
      this.open = this.open === what ? undefined : what;
      this.asked = 0;
      this.wrong = '';
      void this.updateComplete.then(() => this.querySelector<HTMLElement>('form :is(input, select)')?.focus());
    };
    return html`<div class="bulk sheet" role="group" aria-label=${say(words.chosenMany, { n: shelf.chosen.size })} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') this.close(); }}>
      <strong role="status">${busy ? say(words.working, { done: busy.done, all: busy.all }) : say(words.chosenMany, { n: shelf.chosen.size })}</strong>
      <div class="acts">
        <button type="button" ?disabled=${!!busy} @click=${() => void this.change(() => ({ stock: 'out' }))}>${words.bulkSoldOut}</button>
        <button type="button" ?disabled=${!!busy} @click=${() => void this.change(() => ({ stock: 'in' }))}>${words.bulkInStock}</button>
        <button type="button" ?disabled=${!!busy} aria-expanded=${this.open === 'percent'} @click=${() => turn('percent')}>${words.bulkPercent}</button>
        <button type="button" ?disabled=${!!busy} aria-expanded=${this.open === 'category'} @click=${() => turn('category')}>${words.bulkCategory}</button>
        <button type="button" ?disabled=${!!busy} aria-expanded=${this.open === 'pool'} @click=${() => turn('pool')}>${words.bulkPool}</button>
        <button type="button" class="grave" ?disabled=${!!busy} @click=${() => { shelf.remove([...shelf.chosen.values()]); this.away(); }}>${words.bulkDelete}</button>
        <button type="button" class="quiet" @click=${() => this.close()}>${words.bulkNone}</button>
      </div>
      ${this.open === 'pool' ? html`${poolForm(this.choices.own, this.studio, this.pool, (p) => { this.pool = p; }, (p, name) => void this.put(p, name))}${this.trouble()}` : this.open ? this.form(this.open) : nothing}
    </div>`;
  }

  private form(what: 'percent' | 'category'): TemplateResult {
    const words = wordsOf(this.studio.language);
    if (this.asked) {
      return html`<div class="ask" role="group"><p>${say(words.bulkAsk, { n: this.shelf.chosen.size, percent: -this.asked })}</p><div class="acts">
        <button type="button" class="keep" @click=${() => (this.asked = 0)}>${words.giveUpEdit}</button>
        <button type="button" class="danger" @click=${() => this.percent(this.asked)}>${words.bulkYes}</button></div></div>`;
    }
    const label = what === 'percent' ? words.bulkPercent : words.bulkCategory;
    return html`<form class="with-button" @submit=${(e: SubmitEvent) => this.send(e, what)}>
      <input name="value" list=${what === 'category' ? 'categories' : nothing} aria-label=${label} placeholder=${what === 'percent' ? words.bulkPercentHint : words.categoryWhy} autocomplete="off" maxlength="300" />
      <button type="submit" class="loud">${words.bulkApply}</button></form>
      ${what === 'category' ? html`<datalist id="categories">${this.choices.categories.map((c) => html`<option value=${c}></option>`)}</datalist>` : nothing}
      ${this.trouble()}`;
  }

  private trouble(): TemplateResult | typeof nothing {
    return this.wrong ? html`<p class="trouble" role="alert">${this.wrong}</p>` : nothing;
  }

  private async put(pool: string, name: string): Promise<void> {
    if (this.fresh.name !== name) this.fresh = { name, key: newKey() };
    this.wrong = await putInto(this.studio, pool, name, [...this.shelf.chosen.values()], this.fresh.key);
    if (this.wrong) return;
    this.fresh = { name: '', key: '' };
    this.open = undefined;
    this.pool = '';
    await this.choices.read();
  }

  private send(e: SubmitEvent, what: 'percent' | 'category'): void {
    e.preventDefault();
    const text = String(new FormData(e.target as HTMLFormElement).get('value')).trim();
    if (what === 'category') {
      this.open = undefined;
      return void this.change(() => ({ category: text || null }) as Change);
    }
    const words = wordsOf(this.studio.language);
    const n = Number(text.normalize('NFKC').replace(/[%\s]/g, '').replace('−', '-').replace(',', '.'));
    this.wrong = !text || !(n >= -90 && n <= 900) || n === 0 ? words.badPercent : '';
    if (this.wrong) return;
    if (n < -largeFall) {
      this.asked = n;
      void this.updateComplete.then(() => this.querySelector<HTMLElement>('.keep')?.focus());
    } else this.percent(n);
  }

  private percent(n: number): void {
    this.open = undefined;
    this.asked = 0;
    void this.change((p) => repriced(p, n));
  }

  private async change(change: (p: Product) => Change): Promise<void> {
    await this.shelf.change([...this.shelf.chosen.values()], change);
  }

  private close(): void {
    this.shelf.chosen.clear();
    this.away();
    void this.shelf.load();
  }
}

customElements.define('catalogue-bulk', Bulk);
