import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { digitsOf } from '../../shared/currency.ts';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { newKey } from '../parts/once.ts';
import { currencies, remember, usualCurrency } from '../parts/currencies.ts';
import { blank, changes, draftOf, fieldOf, read, type Draft } from './draft.ts';
import { titles, variants } from './parts.ts';
import type { Listings } from '../listings/listings.ts';
import '../listings/listings.ts';
import './pictures.ts';
import { former } from './former.ts';
import { mine } from './row.ts';
import type { Shelf } from './shelf.ts';
import { stockWord, stocks, wordsOf, type Change, type Product, type Words } from './words.ts';

/** `<catalogue-editor>`: all of one product. `product` is its id; "": it is a new one. */
export class Editor extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) shelf!: Shelf;
  @property() product = '';
  @state() private at: Product | undefined;
  @state() private draft: Draft | undefined;
  @state() private trouble = '';
  /** Which field the trouble is about; "": all of it. */
  @state() private about = '';
  @state() private missing = '';
  @state() private conflict = false;
  @state() private busy = false;
  @state() private dirty = false;
  private key = newKey();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('beforeunload', this.unload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('beforeunload', this.unload);
    if (!this.dirty || !this.draft) return;
    const words = wordsOf(this.studio.language);
    this.shelf.drafts.set(this.product, { rev: this.at?.rev ?? 0, draft: this.draft });
    this.studio.tell(words.unsavedKept);
  }

  private readonly unload = (e: BeforeUnloadEvent): void => {
    if (this.unsaved) e.preventDefault();
  };

  private get listings(): Listings | null {
    return this.querySelector<Listings>('catalogue-listings');
  }

  private get unsaved(): boolean {
    return this.dirty || !!this.listings?.changes;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('product')) void this.load();
  }

  private async load(): Promise<void> {
    this.trouble = this.about = this.missing = '';
    this.conflict = this.dirty = false;
    this.at = undefined;
    this.draft = undefined;
    if (!this.product) {
      this.draft = this.kept(0) ?? blank(usualCurrency(this.studio));
      void this.updateComplete.then(() => this.querySelector<HTMLElement>('[name=title]')?.focus());
      return;
    }
    const { client, wrong, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.GET('/api/v1/products/{product}', { params: { path: { product: this.product } } });
    if (!answer.data) this.missing = answer.response.status === 404 ? words.gone : wrong(answer);
    else {
      this.begin(answer.data);
      this.draft = this.kept(answer.data.rev) ?? this.draft;
    }
  }

  /** What was typed here before, if the product is as it was then. */
  private kept(rev: number): Draft | undefined {
    const before = this.shelf.drafts.get(this.product);
    this.shelf.drafts.delete(this.product);
    if (before?.rev !== rev) return undefined;
    this.dirty = true;
    return before.draft;
  }

  private begin(p: Product): void {
    this.at = p;
    this.draft = draftOf(p);
    this.dirty = this.conflict = false;
  }

  private readonly set = (): void => {
    this.dirty = true;
    this.requestUpdate();
  };

  protected override render(): TemplateResult {
    const { draft: d } = this;
    const words = wordsOf(this.studio.language);
    const back = html`<a class="button" href="#/catalogue">${words.toCatalogue}</a>`;
    if (this.missing) return html`<div class="empty" role="alert"><h1>${this.missing}</h1>${back}</div>`;
    if (!d) return html`<p class="soft" role="status">${words.loading}</p>`;
    const may = this.at ? mine(this.at, this.studio) : this.studio.may('goods');
    return html`<form class="editor" novalidate @submit=${(e: SubmitEvent) => { e.preventDefault(); void this.save(); }}>
      <div class="head"><h1>${this.at?.title ?? words.newHead}</h1><div class="acts">${back}</div></div>
      ${this.at?.seller ? html`<p class="sheet">${say(words.soldByOthers, { who: this.at.seller })}</p>` : nothing}
      <fieldset ?disabled=${!may}>
        <div class="column">${this.basics(d, words)}${variants(d, words, this.set)}</div>
        <div class="column">
          <catalogue-pictures .studio=${this.studio} .all=${d.pictures} @changed=${(e: CustomEvent<string[]>) => { d.pictures = [...e.detail]; this.set(); }}></catalogue-pictures>
          ${this.more(d, words)}${titles(d, words, this.studio.language.locale, this.set)}</div>
      </fieldset>
      ${this.at && may ? html`<catalogue-listings .studio=${this.studio} .product=${this.at} @typed=${() => this.requestUpdate()}></catalogue-listings>` : nothing}
      ${may ? html`<div class="bar"><div class="acts"><button type="submit" class="loud" ?disabled=${this.busy}>${words.save}</button>
        ${this.unsaved ? html`<span class="soft">${words.unsaved}</span>` : nothing}
        ${this.conflict ? html`<p class="trouble" role="alert">${words.changedMeanwhile}</p><button type="button" @click=${() => void this.load()}>${words.loadAnew}</button>`
          : this.trouble && !this.about ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
        ${this.at ? html`<button type="button" class="grave away" @click=${() => this.dismiss()}>${words.deleteOne}</button>` : nothing}</div></div>` : nothing}
    </form>`;
  }

  private text(name: string, label: string, value: string, put: (text: string) => void, why = '', more: { mode?: string; list?: string; max?: number; ltr?: boolean } = {}): TemplateResult {
    const wrong = this.about === name;
    return html`<label class="field"><span>${label}</span><input name=${name} inputmode=${more.mode ?? 'text'} list=${more.list ?? nothing} maxlength=${more.max ?? 2048} dir=${more.ltr ? 'ltr' : 'auto'} autocomplete="off" .value=${value} aria-invalid=${wrong}
      @input=${(e: Event) => { put((e.target as HTMLInputElement).value); this.set(); }} />${wrong ? html`<small class="trouble" role="alert">${this.trouble}</small>` : why ? html`<small>${why}</small>` : nothing}</label>`;
  }

  private basics(d: Draft, words: Words): TemplateResult {
    const { locale } = this.studio.language;
    return html`<section class="sheet"><h2>${words.basics}</h2><div class="fields">
      <div class="wide">${this.text('title', words.titleLabel, d.title, (t) => (d.title = t), '', { max: 150 })}</div>
      ${this.text('sku', 'SKU', d.sku, (t) => (d.sku = t), words.skuWhy, { max: 50, ltr: true })}
      <label class="field"><span>${words.currencyLabel}</span><select name="currency" @change=${(e: Event) => { d.currency = (e.target as HTMLSelectElement).value; this.set(); }}>
        ${currencies(d.currency, locale).map((c) => html`<option value=${c.code} ?selected=${c.code === d.currency}>${c.name}</option>`)}</select></label>
      ${this.text('price', say(words.priceLabel, { currency: d.currency }), d.price, (t) => (d.price = t), '', { mode: 'decimal' })}
      ${this.text('list_price', words.listPriceLabel, d.listPrice, (t) => (d.listPrice = t), words.listPriceWhy, { mode: 'decimal' })}
      <label class="field"><span>${words.stockColumn}</span><select name="stock" @change=${(e: Event) => { d.stock = (e.target as HTMLSelectElement).value; this.set(); }}>${stocks.map((s) => html`<option value=${s} ?selected=${s === d.stock}>${stockWord(s, words)}</option>`)}</select></label>
      ${this.text('unit', words.unitLabel, d.unit, (t) => (d.unit = t), words.unitWhy, { max: 20 })}
      <div class="wide">${this.text('link', words.linkLabel, d.link, (t) => (d.link = t), say(words.linkWhy, { mark: '{click}' }), { mode: 'url', ltr: true })}</div>
      <label class="field wide"><span>${words.descriptionLabel}</span><textarea name="description" rows="4" maxlength="5000" dir="auto" .value=${d.description} @input=${(e: Event) => { d.description = (e.target as HTMLTextAreaElement).value; this.set(); }}></textarea></label>
    </div></section>`;
  }

  private more(d: Draft, words: Words): TemplateResult {
    return html`<section class="sheet"><h2>${words.more}</h2><div class="fields">
      <label class="field wide"><span>${words.typeLabel}</span><select name="type" @change=${(e: Event) => { d.type = (e.target as HTMLSelectElement).value; this.set(); }}>
        ${[['physical', words.typePhysical], ['voucher', words.typeVoucher], ['preorder', words.typePreorder]].map(([t, name]) => html`<option value=${t} ?selected=${t === d.type}>${name}</option>`)}</select></label>
      ${d.type === 'voucher' ? nothing : html`<label class="field wide"><span>${words.shipsLabel}</span><input type="date" name="ships_at" .value=${d.ships} aria-invalid=${this.about === 'ships_at'} @change=${(e: Event) => { d.ships = (e.target as HTMLInputElement).value; this.set(); }} />${this.about === 'ships_at' ? html`<small class="trouble" role="alert">${this.trouble}</small>` : nothing}</label>`}
      <div class="wide">${this.text('category', words.categoryColumn, d.category, (t) => (d.category = t), words.categoryWhy, { max: 300 })}</div>
      <div class="wide">${this.text('gtin', words.gtinLabel, d.gtin, (t) => (d.gtin = t), words.gtinWhy, { mode: 'numeric', max: 20, ltr: true })}</div>
    </div></section>`;
  }

  private async save(): Promise<void> {
    const { draft, at, studio } = this;
    if (!draft || this.busy) return;
    const words = wordsOf(studio.language);
    if (at && !this.dirty && this.listings?.changes) return this.saveListings();
    const { body, bad } = read(draft);
    this.trouble = this.about = '';
    if (bad) return this.fail(bad, digitsOf(draft.currency) ? words.badPrice : say(words.badDigits, { currency: draft.currency }));
    this.busy = true;
    remember(draft.currency);
    const fields = at ? changes(at, body) : body;
    const answer = at
      ? await studio.client.PATCH('/api/v1/products/{product}', { params: { path: { product: at.id } }, body: { ...fields, rev: at.rev } as Change })
      : await studio.client.POST('/api/v1/products', { params: { header: { 'Idempotency-Key': this.key } }, body: { ...created(fields), org: studio.org } as never });
    this.busy = false;
    if (!answer.data) {
      const { detail = '' } = (answer.error ?? {}) as { detail?: string };
      if (answer.response.status === 409 && fieldOf(detail) === 'rev') {
        this.conflict = true;
        return;
      }
      if (answer.response.status !== 503) this.key = newKey(); // the next try is another request
      return this.fail(fieldOf(detail), studio.wrong(answer));
    }
    const saved = answer.data;
    this.begin(saved);
    this.shelf.take(saved);
    const shops = await this.listings?.saveAll();
    studio.tell(say(words.saved, { title: saved.title }), at ? async () => {
      await shops?.back?.();
      await this.takeBack(at, saved, fields as Change);
    } : undefined);
    if (!shops?.failed) studio.go('catalogue');
  }

  /** Only how shops know it was changed: that can be tried here, so the page stays. */
  private async saveListings(): Promise<void> {
    this.busy = true;
    await this.listings?.saveHere();
    this.busy = false;
  }

  private async takeBack(before: Product, after: Product, fields: Change): Promise<void> {
    const words = wordsOf(this.studio.language);
    const answer = await this.studio.client.PATCH('/api/v1/products/{product}', { params: { path: { product: after.id } }, body: { ...former(before, fields), rev: after.rev } });
    if (answer.data) this.shelf.take(answer.data);
    this.studio.tell(answer.data ? words.undone : say(words.notUndone, { n: 1 }));
  }

  /** Says what is wrong where it is, and brings the hand there. */
  private fail(field: string, why: string): void {
    const shown = ['title', 'sku', 'price', 'list_price', 'unit', 'link', 'category', 'gtin', 'ships_at'].includes(field);
    this.trouble = why;
    this.about = shown ? field : '';
    void this.updateComplete.then(() => [...this.querySelectorAll<HTMLElement>('[name]')].find((e) => e.getAttribute('name') === field)?.focus());
  }

  private dismiss(): void {
    if (!this.at) return;
    this.dirty = false;
    this.shelf.remove([this.at]);
    this.studio.go('catalogue');
  }
}

/** A new product: what is empty is left out. */
const created = (body: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).filter(([, v]) => v !== '' && v !== null && v !== 0 && !(Array.isArray(v) && !v.length)).concat([['price', body['price']]]));

customElements.define('catalogue-editor', Editor);
