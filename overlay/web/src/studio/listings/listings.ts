import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-listings.ts';
import { say } from '../../shared/language.ts';
import { Section } from '../parts/light.ts';
import { hashOf } from '../route.ts';
import { fieldsOf, linesOf, pasted, refIn, trial, type Field, type Line, type Shop } from './listed.ts';
import type { Product } from '../catalogue/words.ts';

interface Known { readonly ref: string; readonly link: string }
type Values = ReadonlyMap<string, Known>; // by what is listed

const none: Known = { ref: '', link: '' };

/** `<catalogue-listings>`: under which number or address each shop has a product and its variants. */
export class Listings extends Section {
  @property({ attribute: false }) product!: Product;
  @state() private shops: readonly Shop[] | undefined;
  /** What each shop has, and what is typed, by the shop's id. */
  @state() private kept: ReadonlyMap<string, Values> = new Map();
  @state() private typed: ReadonlyMap<string, Values> = new Map();
  /** What is wrong with a line, by shop and line. */
  @state() private troubles: ReadonlyMap<string, string> = new Map();
  @state() private busy = '';
  @state() private trouble = '';
  private of = '';

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('product') || this.of === this.product.id) return;
    this.of = this.product.id;
    void this.load();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { studio, shops } = this;
    const words = studio.language.in(table);
    if (this.trouble) return html`<section class="sheet"><h2>${words.listingsHead}</h2><p class="trouble" role="alert">${this.trouble}</p></section>`;
    if (!shops) return nothing;
    const asking = shops.filter((s) => fieldsOf(s).length);
    return html`<section class="sheet listings" aria-labelledby="listings-head"><h2 id="listings-head">${words.listingsHead}</h2>
      ${shops.length ? asking.length ? html`<p class="soft small">${words.listingsWhy}</p>${asking.map((s) => this.form(s))}` : html`<p class="soft">${words.listingsNothing}</p>`
        : html`<p class="soft">${words.listingsNoShop}</p>${studio.may('own', this.product.org) ? html`<div class="acts"><a class="button" href=${hashOf('shops/new')}>${words.listingsConnect}</a></div>` : nothing}`}</section>`;
  }

  private form(shop: Shop): TemplateResult {
    const words = this.studio.language.in(table);
    const fields = fieldsOf(shop);
    const lines = linesOf(this.product, fields);
    const changed = this.changedIn(shop.id, lines);
    const listed = lines.filter((l) => this.has(this.kept, shop.id, l.id) !== none).length;
    return html`<form novalidate data-shop=${shop.id} @submit=${(e: SubmitEvent) => { e.preventDefault(); void this.save(shop, lines); }}>
      <h3>${shop.name} <small class="soft">${say(words.listingsCount, { n: listed, m: lines.length })}</small></h3>
      <p class="soft small">${shop.kind === 'shopify' ? words.listingsShopify : shop.kind === 'stripe-link' ? words.listingsStripe : words.listingsLink}</p>
      <ul class="lines">${lines.map((l, i) => this.line(shop, fields, lines, l, i))}</ul>
      <div class="acts"><button type="submit" ?disabled=${!changed.length || this.busy === shop.id}>${changed.length ? say(words.listingsSaveN, { n: changed.length }) : words.listingsSave}</button>
        ${lines.length > 1 ? html`<span class="soft small">${fields[0] === 'ref' ? words.listingsPaste : words.listingsPasteLinks}</span>` : nothing}</div></form>`;
  }

  private line(shop: Shop, fields: readonly Field[], lines: readonly Line[], l: Line, i: number): TemplateResult {
    const words = this.studio.language.in(table);
    const is = this.has(this.typed, shop.id, l.id);
    const wrong = this.troubles.get(`${shop.id} ${l.id}`);
    const name = l.name || (lines.length > 1 ? words.listingsAll : l.sku);
    const label = (f: Field): string => (f === 'link' ? shop.kind === 'stripe-link' ? words.listingsPaymentLink : words.listingsAddress : shop.kind === 'shopify' ? words.listingsNumber : words.listingsRef);
    const try_ = trial(shop, is.ref, is.link);
    return html`<li data-line=${l.id}><span class="which"><bdi>${name}</bdi>${name === l.sku ? nothing : html` <bdi class="soft small">${l.sku}</bdi>`}</span>
      ${fields.map((f) => html`<label class="field"><span class="small">${label(f)}</span><input name=${f} dir="ltr" autocomplete="off" spellcheck="false" inputmode=${f === 'link' ? 'url' : shop.kind === 'shopify' ? 'numeric' : 'text'} maxlength="2048"
        aria-label="${label(f)}: ${name}, ${shop.name}" aria-invalid=${Boolean(wrong)} .value=${is[f]}
        @input=${(e: Event) => this.put(shop.id, l.id, { ...is, [f]: (e.target as HTMLInputElement).value })}
        @change=${(e: Event) => f === 'ref' && this.put(shop.id, l.id, { ...is, ref: refIn((e.target as HTMLInputElement).value, shop.kind) })}
        @paste=${(e: ClipboardEvent) => this.paste(e, shop, lines, i, f)} /></label>`)}
      ${try_ ? html`<a class="button quiet" href=${try_} target="_blank" rel="noopener noreferrer" aria-label="${words.listingsTry}: ${name}">${words.listingsTry}</a>` : nothing}
      ${wrong ? html`<p class="trouble" role="alert">${wrong} ${this.studio.may('own', shop.org) && fields.includes('link') ? html`<a href=${hashOf(`shops/${shop.id}`)}>${words.listingsToShop}</a>` : nothing}</p>` : nothing}</li>`;
  }

  private has(all: ReadonlyMap<string, Values>, shop: string, line: string): Known {
    return all.get(shop)?.get(line) ?? none;
  }

  private put(shop: string, line: string, value: Known): void {
    this.typed = new Map(this.typed).set(shop, new Map(this.typed.get(shop)).set(line, value));
    this.say(shop, line, '');
  }

  private say(shop: string, line: string, why: string): void {
    const all = new Map(this.troubles);
    if (why) all.set(`${shop} ${line}`, why);
    else all.delete(`${shop} ${line}`);
    this.troubles = all;
  }

  private changedIn(shop: string, lines: readonly Line[]): Line[] {
    return lines.filter((l) => {
      const [was, is] = [this.has(this.kept, shop, l.id), this.has(this.typed, shop, l.id)];
      return was.ref !== is.ref.trim() || was.link !== is.link.trim();
    });
  }

  /** A column out of a spreadsheet fills the lines below, and a table of SKU and number the lines that it names. */
  private paste(e: ClipboardEvent, shop: Shop, lines: readonly Line[], at: number, field: Field): void {
    const values = pasted(e.clipboardData?.getData('text/plain') ?? '', lines, at);
    if (!values) return;
    e.preventDefault();
    for (const [id, text] of values) this.put(shop.id, id, { ...this.has(this.typed, shop.id, id), [field]: field === 'ref' ? refIn(text, shop.kind) : text });
  }

  private async load(): Promise<void> {
    const { studio, product } = this;
    const answer = await studio.client.GET('/api/v1/shops', { params: { query: { org: product.org ?? studio.org, limit: 100 } } });
    if (!answer.data) return void (this.trouble = studio.wrong(answer));
    const shops = (answer.data.items ?? []).filter((s) => s.org === product.org);
    const kept = new Map<string, Values>();
    for (const s of shops.filter((s) => fieldsOf(s).length)) {
      const all = new Map<string, Known>();
      for (let cursor: string | undefined, first = true; first || cursor; first = false) {
        const page = await studio.client.GET('/api/v1/shops/{shop}/listings', { params: { path: { shop: s.id }, query: { product: product.id, limit: 100, ...(cursor ? { cursor } : {}) } } });
        if (!page.data) return void (this.trouble = studio.wrong(page));
        for (const l of page.data.items ?? []) all.set(l.variant ?? l.product, { ref: l.ref ?? '', link: l.link ?? '' });
        cursor = page.data.next;
      }
      kept.set(s.id, all);
    }
    this.kept = kept;
    this.typed = kept;
    this.troubles = new Map();
    this.shops = shops;
  }

  private async save(shop: Shop, lines: readonly Line[]): Promise<void> {
    const { studio } = this;
    const words = studio.language.in(table);
    const before = this.kept.get(shop.id) ?? new Map<string, Known>();
    const changed = this.changedIn(shop.id, lines);
    this.busy = shop.id;
    let done = 0;
    for (const l of changed) {
      const why = await this.write(shop, l.id, this.has(this.typed, shop.id, l.id));
      this.say(shop.id, l.id, why);
      if (!why) done++;
    }
    this.busy = '';
    if (done) studio.tell(say(words.listingsSaved, { n: done, shop: shop.name }), async () => {
      for (const l of changed) if (!this.troubles.get(`${shop.id} ${l.id}`)) await this.write(shop, l.id, before.get(l.id) ?? none);
      studio.tell(words.listingsUndone);
    });
    if (done < changed.length) this.focusOn('.listings [aria-invalid=true]');
  }

  /** Writes one line; what is empty is listed no more. The answer says why it could not be. */
  private async write(shop: Shop, item: string, value: Known): Promise<string> {
    const { studio } = this;
    const [ref, link] = [value.ref.trim(), value.link.trim()];
    const path = { shop: shop.id, item };
    const answer = ref || link
      ? await studio.client.PUT('/api/v1/shops/{shop}/listings/{item}', { params: { path }, body: { ...(ref ? { ref } : {}), ...(link ? { link } : {}) } })
      : await studio.client.DELETE('/api/v1/shops/{shop}/listings/{item}', { params: { path } });
    if (!answer.response.ok && !(answer.response.status === 404 && !ref && !link)) return studio.wrong(answer);
    const now = new Map(this.kept.get(shop.id));
    if (ref || link) now.set(item, { ref, link });
    else now.delete(item);
    this.kept = new Map(this.kept).set(shop.id, now);
    this.put(shop.id, item, { ref, link });
    return '';
  }
}

customElements.define('catalogue-listings', Listings);
