import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-listings.ts';
import { say } from '../../shared/language.ts';
import type { Answer } from '../context.ts';
import { Section } from '../parts/light.ts';
import { readKnown, readProducts, writeKnown } from './known.ts';
import { fieldsOf, type Shop } from './listed.ts';
import { fromLinks, goodsOf, planOf, type Fault, type Goods, type Known, type Miss, type Put } from './sheet.ts';

const atOnce = 4; // requests
const shown = 20; // lines that are left out

type Words = (typeof table)['en'];

const none: Known = { ref: '', link: '' };

/** `<shop-listings>`: the numbers of a whole catalogue in a shop, out of one paste, or out of the products' links. */
export class ShopListings extends Section {
  @property({ attribute: false }) shop!: Shop;
  @state() private goods: Goods | undefined;
  @state() private kept: ReadonlyMap<string, Known> = new Map();
  @state() private read = 0;
  @state() private text = '';
  /** How far the writing is. */
  @state() private at: { done: number; all: number } | undefined;
  @state() private trouble = '';
  /** What the server took not, by line. */
  @state() private refused: readonly { line: number; sku: string; why: string }[] = [];

  protected override firstUpdated(): void {
    void this.load();
  }

  protected override render(): TemplateResult {
    const { studio, shop, goods, at } = this;
    const words = studio.language.in(table);
    const link = fieldsOf(shop)[0] === 'link';
    const own = goods && fromLinks(goods, shop, this.kept);
    const listed = goods?.items.filter((i) => this.kept.has(i.id)).length ?? 0;
    return html`<section class="sheet stack numbers" aria-labelledby="numbers-head"><h2 id="numbers-head">${link ? words.bulkHeadLinks : words.bulkHead} ${goods ? html`<small class="soft">${say(words.listingsCount, { n: this.n(listed), m: this.n(goods.items.length) })}</small>` : nothing}</h2>
      <p class="soft">${shop.kind === 'shopify' ? this.where(words) : link ? words.bulkWhereLinks : words.bulkWhereOwn}</p>
      ${goods ? nothing : this.trouble ? html`<div class="acts"><p class="trouble" role="alert">${this.trouble}</p><button type="button" @click=${() => void this.load()}>${studio.language.words.tryOnceMore}</button></div>` : html`<p class="soft" role="status">${say(words.bulkReading, { n: this.n(this.read) })}</p>`}
      ${own?.length ? html`<div class="acts"><button type="button" class="loud fill" ?disabled=${!!at} @click=${() => void this.apply(own)}>${say(words.bulkFill, { n: this.n(own.length) })}</button></div>` : nothing}
      ${goods ? this.form(goods, words, link) : nothing}</section>`;
  }

  /** Where the numbers come from, with the page of the shop that has them. */
  private where(words: Words): TemplateResult {
    const [before = '', after = ''] = words.bulkWhere.split('{page}');
    const page = `https://${this.shop.config.domain}/products.json?limit=250`;
    return html`${before}<a href=${page} target="_blank" rel="noopener noreferrer"><bdi>${page.replace('https://', '')}</bdi></a>${after}`;
  }

  private form(goods: Goods, words: Words, link: boolean): TemplateResult {
    const { at, text } = this;
    const plan = text.trim() ? planOf(text, goods, this.shop, this.kept) : undefined;
    const puts = plan?.puts ?? [];
    return html`<form @submit=${(e: SubmitEvent) => { e.preventDefault(); void this.apply(puts); }}>
      <label class="field"><span>${link ? words.bulkLabelLinks : words.bulkLabel}</span><textarea name="numbers" rows="6" dir="ltr" spellcheck="false" autocomplete="off" autocapitalize="off" ?readonly=${!!at}
        placeholder=${link ? 'TEA-100G\thttps://buy.stripe.com/…' : 'TEA-100G\t44512398712041\nTEA-250G\t44512398744809'} .value=${text} @input=${(e: Event) => { this.text = (e.target as HTMLTextAreaElement).value; this.refused = []; this.trouble = ''; }}></textarea>
        <small>${words.bulkHint}</small></label>
      ${plan ? html`<p class="look" role="status"><strong>${say(words.bulkMatched, { n: this.n(puts.length) })}</strong>${plan.same ? ` · ${say(words.bulkSame, { n: this.n(plan.same) })}` : nothing}${plan.misses.length ? html` · <span class="warn">${say(words.bulkMissed, { n: this.n(plan.misses.length) })}</span>` : nothing}</p>${this.misses(plan.misses, words, link)}` : nothing}
      ${this.refused.length ? html`<ul class="misses" role="alert">${this.refused.slice(0, shown).map((r) => html`<li class="trouble">${r.line ? `${say(words.bulkLine, { n: this.n(r.line) })}: ` : nothing}<bdi>${r.sku}</bdi>: ${r.why}</li>`)}</ul>` : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${at ? html`<p role="status">${say(words.bulkWriting, { n: this.n(at.done), m: this.n(at.all) })}</p><progress max=${at.all} .value=${at.done} aria-label=${words.bulkHead}></progress>` : nothing}
      <div class="acts"><button type="submit" ?disabled=${!puts.length || !!at}>${puts.length ? say(words.bulkSaveN, { n: this.n(puts.length) }) : words.listingsSave}</button></div></form>`;
  }

  /** The lines that are left out, each with its number and why. */
  private misses(all: readonly Miss[], words: Words, link: boolean): TemplateResult | typeof nothing {
    if (!all.length) return nothing;
    const why: Readonly<Record<Fault, string>> = { unknown: words.bulkUnknown, bad: link ? words.bulkBadLink : words.bulkBad, parent: words.bulkParent, several: words.bulkSeveral, twice: words.bulkTwice };
    return html`<ul class="misses">${all.slice(0, shown).map((m) => html`<li><span class="soft">${say(words.bulkLine, { n: this.n(m.line) })}</span> <bdi>${m.what || '–'}</bdi>: ${why[m.fault]}</li>`)}
      ${all.length > shown ? html`<li class="soft">${say(words.bulkMore, { n: this.n(all.length - shown) })}</li>` : nothing}</ul>`;
  }

  private n(n: number): string {
    return n.toLocaleString(this.studio.language.locale);
  }

  private async load(): Promise<void> {
    const { studio, shop } = this;
    this.trouble = '';
    const [kept, products] = await Promise.all([readKnown(studio, shop.id), readProducts(studio, shop.org, (n) => { this.read = n; return this.isConnected; })]);
    if (!(kept instanceof Map)) return void (this.trouble = studio.wrong(kept));
    if (!isList(products)) return void (this.trouble = studio.wrong(products));
    this.kept = kept;
    this.goods = goodsOf(products.filter((p) => p.org === shop.org), shop);
  }

  /** Writes a few at once, and tells how far it is. A server that does not answer ends it; what is left can be saved again. */
  private async apply(puts: readonly Put[]): Promise<void> {
    const { studio, shop } = this;
    if (!puts.length || this.at) return;
    const words = studio.language.in(table);
    const before = this.kept;
    const field = fieldsOf(shop)[0] ?? 'ref';
    const [refused, written]: [{ line: number; sku: string; why: string }[], string[]] = [[], []];
    this.trouble = '';
    this.refused = [];
    for (let i = 0; i < puts.length && !this.trouble && this.isConnected; i += atOnce) {
      this.at = { done: i, all: puts.length };
      await Promise.all(puts.slice(i, i + atOnce).map(async ({ item, value, line }) => {
        const known = { ...(before.get(item.id) ?? none), [field]: value };
        const answer = await writeKnown(studio, shop.id, item.id, known);
        if (answer.response.ok) {
          this.kept = new Map(this.kept).set(item.id, known);
          written.push(item.id);
        } else if (answer.response.status >= 500 || answer.response.status === 429) this.trouble = studio.wrong(answer);
        else refused.push({ line, sku: item.sku, why: studio.wrong(answer) });
      }));
    }
    this.at = undefined;
    this.refused = refused;
    if (written.length) studio.tell(say(words.listingsSaved, { n: this.n(written.length), shop: shop.name }), () => this.takeBack(written, before));
  }

  private async takeBack(written: readonly string[], before: ReadonlyMap<string, Known>): Promise<void> {
    const { studio, shop } = this;
    const words = studio.language.in(table);
    for (let i = 0; i < written.length; i += atOnce) {
      await Promise.all(written.slice(i, i + atOnce).map(async (id) => {
        const answer = await writeKnown(studio, shop.id, id, before.get(id) ?? none);
        if (!answer.response.ok) return void (this.trouble = studio.wrong(answer));
        const kept = new Map(this.kept);
        if (before.has(id)) kept.set(id, before.get(id)!);
        else kept.delete(id);
        this.kept = kept;
      }));
    }
    if (!this.trouble) studio.tell(words.listingsUndone);
  }
}

const isList = <T>(read: T[] | Answer): read is T[] => Array.isArray(read);

customElements.define('shop-listings', ShopListings);
