import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-listings.ts';
import { say } from '../../shared/language.ts';
import { Section } from '../parts/light.ts';
import { hashOf } from '../route.ts';
import { readKnown, writeKnown } from './known.ts';
import { fieldsOf, linesOf, pasted, refIn, trial, type Field, type Line, type Shop } from './listed.ts';
import { numberIn, type Known } from './sheet.ts';
import type { Product } from '../catalogue/words.ts';

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
    const listed = lines.filter((l) => this.has(this.kept, shop.id, l.id) !== none).length;
    const own = this.fromLinks(shop, lines);
    const whole = fields[0] === 'ref' || shop.kind === 'stripe-link'; // the shop's page takes those of the whole catalogue
    return html`<div class="shop" role="group" aria-label=${shop.name} data-shop=${shop.id}>
      <h3>${shop.name} <small class="soft">${say(words.listingsCount, { n: listed, m: lines.length })}</small></h3>
      <p class="soft small">${shop.kind === 'shopify' ? words.listingsShopify : shop.kind === 'stripe-link' ? words.listingsStripe : words.listingsLink}</p>
      ${own.size || whole ? html`<div class="acts">${own.size ? html`<button type="button" class="fill" @click=${() => { for (const [id, ref] of own) this.put(shop.id, id, { ...this.has(this.typed, shop.id, id), ref }); }}>${say(words.listingsFill, { n: own.size })}</button>` : nothing}
        ${whole ? html`<a class="button" href=${hashOf(`shops/${shop.id}`)}>${words.listingsAtOnce}</a>` : nothing}</div>` : nothing}
      <ul class="lines">${lines.map((l, i) => this.line(shop, fields, lines, l, i))}</ul>
      ${lines.length > 1 ? html`<p class="soft small">${fields[0] === 'ref' ? words.listingsPaste : words.listingsPasteLinks}</p>` : nothing}</div>`;
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

  /** Numbers that the links of the product have, for lines that have none yet. */
  private fromLinks(shop: Shop, lines: readonly Line[]): Map<string, string> {
    const { product: p } = this;
    return new Map(lines.flatMap((l) => {
      const ref = this.has(this.typed, shop.id, l.id).ref ? '' : numberIn((p.variants ?? []).find((v) => v.id === l.id)?.link ?? (l.id === p.id ? p.link : '') ?? '', shop);
      return ref ? [[l.id, ref] as const] : [];
    }));
  }

  private has(all: ReadonlyMap<string, Values>, shop: string, line: string): Known {
    return all.get(shop)?.get(line) ?? none;
  }

  private put(shop: string, line: string, value: Known): void {
    this.typed = new Map(this.typed).set(shop, new Map(this.typed.get(shop)).set(line, value));
    this.say(shop, line, '');
    this.dispatchEvent(new CustomEvent('typed', { bubbles: true })); // the bar of the page saves it
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
      const all = await readKnown(studio, s.id, product.id);
      if (!(all instanceof Map)) return void (this.trouble = studio.wrong(all));
      kept.set(s.id, all);
    }
    this.kept = kept;
    this.typed = kept;
    this.troubles = new Map();
    this.shops = shops;
  }

  /** How many lines are typed and not saved. */
  get changes(): number {
    return (this.shops ?? []).reduce((n, s) => n + this.changedIn(s.id, linesOf(this.product, fieldsOf(s))).length, 0);
  }

  /** Saves all that is typed. `back` takes it back; without it, nothing was saved. `failed` lines say what is wrong with them. */
  async saveAll(): Promise<{ done: number; failed: number; back?: () => Promise<void> }> {
    const before = this.kept;
    const lines = (this.shops ?? []).flatMap((shop) => this.changedIn(shop.id, linesOf(this.product, fieldsOf(shop))).map((line) => ({ shop, line })));
    const written: typeof lines = [];
    for (const at of lines) {
      const why = await this.write(at.shop, at.line.id, this.has(this.typed, at.shop.id, at.line.id));
      this.say(at.shop.id, at.line.id, why);
      if (!why) written.push(at);
    }
    if (written.length < lines.length) this.focusOn('[aria-invalid=true]');
    return { done: written.length, failed: lines.length - written.length, ...(written.length ? { back: async () => { for (const { shop, line } of written) await this.write(shop, line.id, this.has(before, shop.id, line.id)); } } : {}) };
  }

  /** Saves all that is typed, and says so. */
  async saveHere(): Promise<void> {
    const { studio } = this;
    const words = studio.language.in(table);
    const { done, back } = await this.saveAll();
    if (back) studio.tell(say(words.listingsSavedHere, { n: done }), async () => {
      await back();
      studio.tell(words.listingsUndone);
    });
  }

  /** Writes one line; what is empty is listed no more. The answer says why it could not be. */
  private async write(shop: Shop, item: string, value: Known): Promise<string> {
    const { studio } = this;
    const [ref, link] = [value.ref.trim(), value.link.trim()];
    const answer = await writeKnown(studio, shop.id, item, { ref, link });
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
