import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import phrases from '../generated/strings/pocket.ts';
import { addressOf, read } from '../shared/api.ts';
import type { Product } from '../shared/cue.ts';
import { details, detailsURL, type Details } from '../shared/details.ts';
import { Goods, type Good } from '../shared/goods.ts';
import { icons } from '../shared/icons.ts';
import { inLanguage, say } from '../shared/language.ts';
import { badge, buy, picture, prices, titleOf } from '../shared/product.ts';
import { askLineup } from '../shared/lineup.ts';
import { parseShown } from '../shared/shown.ts';
import { dress } from './dress.ts';
import type { ProductDetail } from './events.ts';
import styles from './pocket.css?text';
import { asBought, available, chosen, matches, optionsOf, variantsOf, type Variant } from './variants.ts';
import type { PlayerWords } from './words.ts';

export interface PocketActions {
  close(): void;
  /** A viewer buys, or wants to keep it for later; false: the page around the player takes it. */
  order(kind: 'checkout' | 'add-to-cart', detail: ProductDetail): boolean;
  /** What the page around the player knows of a product. */
  own(p: Product): Product;
}

const every = 10_000; // ms between two looks at what is in stock
const few = 6; // so many are found without a search
const most = 99;

/** `<mediad-pocket>`: all products that the show has shown, in a sheet or a column of the player. Loaded when it is opened. */
export class MediadPocket extends LitElement {
  @property({ attribute: false }) words!: PlayerWords;
  @property({ attribute: false }) act!: PocketActions;
  @property() show = '';
  /** The show is on air, so that more comes up. */
  @property({ attribute: false }) live = false;
  /** The page has a cart or a checkout of its own, so that numbers make sense. */
  @property({ type: Boolean }) cart = false;
  @property({ attribute: false }) pinned: readonly Product[] = [];
  /** Date of the picture of a live show: nothing appears before its moment. */
  until = (): number | undefined => undefined;

  @state() private search = '';
  @state() private open = ''; // the product whose variants are shown
  @state() private added = ''; // the product that was put into the cart just now
  @state() private choices: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
  @state() private numbers: Readonly<Record<string, number>> = {};
  private readonly goods = new Goods();
  private readonly facts = new Map<string, Details>();
  private timer = 0;
  private noted: readonly Product[] = [];
  private goal = ''; // the product to whose choice the focus goes

  /** It is styled with the player, so that its parts are the player's. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    dress(this.getRootNode() as ShadowRoot, styles);
    this.timer = window.setInterval(() => void this.ask(), every);
    this.addEventListener('keydown', this.key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.removeEventListener('keydown', this.key);
  }

  protected override firstUpdated(): void {
    this.open ||= this.pinned.at(-1)?.id ?? ''; // who comes from its card has one press less to its sizes
    void this.ask();
    if (!this.goal) this.querySelector<HTMLElement>('.shut')?.focus({ preventScroll: true });
  }

  protected override updated(): void {
    const first = this.goal && this.querySelector<HTMLElement>(`[data-product-id="${this.goal}"] .choice input`);
    if (!first) return;
    this.goal = '';
    first.focus({ preventScroll: true }); // the page around the player stays where it is; the list moves
    const item = first.closest<HTMLElement>('.thing');
    const list = item?.parentElement;
    if (!item || !list) return;
    const [of, its] = [list.getBoundingClientRect(), item.getBoundingClientRect()];
    if (its.top < of.top || its.bottom > of.bottom) list.scrollTop += its.top - of.top;
  }

  protected override willUpdate(): void {
    for (const p of this.noted) if (!this.pinned.some((q) => q.id === p.id)) this.goods.note(p, this.show, false);
    for (const p of this.pinned) this.goods.note(p, this.show, true);
    this.noted = this.pinned;
  }

  /** Keys in here are not the player's. */
  private readonly key = (e: KeyboardEvent): void => {
    e.stopPropagation();
    if (e.key === 'Escape') this.act.close();
  };

  private async ask(): Promise<void> {
    const { show } = this;
    if (!show || document.hidden) return;
    const json = await read(addressOf(this.words.origin, '/c/{show}/{file}', { show, file: 'products.json' }));
    if (json && show === this.show && this.goods.early(show, parseShown(json), this.until() ?? Infinity)) this.requestUpdate();
    const lines = this.live ? await askLineup(this.words.origin, show) : [];
    if (lines && show === this.show && this.goods.planned(show, lines)) this.requestUpdate();
  }

  private of(p: Product): Details | undefined {
    const key = detailsURL(this.words.origin, this.show, p);
    if (!this.facts.has(key)) void details(this.words.origin, this.show, p).then((d) => d && !this.facts.has(key) && (this.facts.set(key, d), this.requestUpdate()));
    return this.facts.get(key);
  }

  protected override render(): TemplateResult {
    const t = inLanguage(phrases, this.words.locale);
    const { text } = this.words;
    const all = this.goods.all(!this.live);
    const found = all.filter(({ product: p }) => matches(`${titleOf(this.act.own(p), this.of(p), this.words)} ${p.sku ?? ''} ${this.of(p)?.description ?? ''}`, this.search));
    return html`<section class="pocket" part="pocket" role="dialog" aria-label=${text.products}>
      <header><h2>${text.products} <span>${all.length || ''}</span></h2>
        <button class="shut" part="pocket-close" aria-label=${t.close} title=${t.close} @click=${() => this.act.close()}>${icons.close}</button></header>
      ${all.length > few || this.search
        ? html`<input class="find" part="search" type="search" maxlength="100" placeholder=${t.search} aria-label=${t.search} .value=${this.search} @input=${(e: Event) => (this.search = (e.target as HTMLInputElement).value)} />`
        : nothing}
      <p class="sr" role="status">${this.search ? say(t.found, { n: found.length }) : ''}</p>
      ${found.length ? html`<ul>${repeat(found, (g) => g.product.id, (g) => this.item(g, t))}</ul>` : html`<p class="none">${all.length ? t.nothingFound : this.live ? t.nothingShownYet : t.nothingInShow}</p>`}
    </section>`;
  }

  private item({ product, on, coming, label }: Good, t: typeof phrases.en): TemplateResult {
    const { words, open } = this;
    const d = this.of(product);
    const variants = variantsOf(d?.raw);
    const choice = this.choices[product.id] ?? {};
    const variant = chosen(variants, choice);
    const p = this.act.own(asBought(product, variant));
    const title = titleOf(this.act.own(product), d, words);
    const several = variants.length > 1 && product.stock !== 'out';
    const choosing = several && open !== product.id;
    return html`<li class="thing" part="product" data-product-id=${product.id} ?data-on=${on} data-stock=${p.stock ?? 'in'}>
      <span class="pic" aria-hidden="true">${picture(d, 'lazy')}</span>
      <div class="facts">
        ${on ? html`<p class="eyebrow"><i></i><span>${words.text.featured}</span></p>` : coming ? html`<p class="eyebrow soon"><span>${words.text.nextUp}</span></p>` : nothing}
        <h3 class="title" dir="auto">${title}</h3>${badge(p, words.text)}
        <div class="deal">${prices(p, words)}
          ${choosing
            ? html`<button class="buy" part="choose" aria-expanded="false" aria-label="${words.text.choose}: ${title}" @click=${() => this.unfold(product.id)}>${words.text.choose}</button>`
            : several ? nothing : this.ways(p, product, d, undefined, title, t, label)}<mediad-offer .words=${words} .product=${p} .show=${this.show} .facts=${d} .variant=${variant?.id}></mediad-offer></div>
      </div>
      ${several && !choosing ? html`<div class="choice" part="choice">
        ${optionsOf(variants).map(([name, values]) => html`<fieldset><legend dir="auto">${name}</legend>
          ${values.map((v) => html`<label data-gone=${available(variants, without(choice, name), name, v) ? nothing : ''}><input type="radio" name="${product.id} ${name}" .checked=${choice[name] === v}
            @change=${() => (this.choices = { ...this.choices, [product.id]: { ...choice, [name]: v } })} /><span dir="auto">${v}</span></label>`)}</fieldset>`)}
        <div class="deal">${variant ? this.ways(p, product, d, variant, title, t, label) : html`<p class="none" role="status">${say(t.chooseFirst, { name: optionsOf(variants).find(([name]) => !choice[name])?.[0] ?? '' })}</p>`}</div>
      </div>` : nothing}
    </li>`;
  }

  /** Opens the choice of a product. Its button goes, so that the focus moves on to the first choice, as soon as that is there. */
  unfold(id: string): void {
    this.open = this.goal = id;
    this.requestUpdate();
  }

  /** The ways to buy: the shop's page, or the cart of the page around the player. */
  private ways(p: Product, product: Product, d: Details | undefined, variant: Variant | undefined, title: string, t: typeof phrases.en, label: string): TemplateResult {
    const quantity = this.numbers[product.id] ?? 1;
    const detail: ProductDetail = { product, show: this.show, variant, quantity: this.cart ? quantity : 1 };
    const set = (n: number): void => void (this.numbers = { ...this.numbers, [product.id]: Math.min(most, Math.max(1, n)) });
    const link = d && variant ? { ...d, linked: variant.linked, choice: false } : d;
    return html`${this.cart && p.stock !== 'out' ? html`<span class="number" role="group" aria-label="${t.quantity}: ${title}">
        <button aria-label=${t.less} ?disabled=${quantity <= 1} @click=${() => set(quantity - 1)}>−</button><output>${quantity}</output>
        <button aria-label=${t.more} ?disabled=${quantity >= most} @click=${() => set(quantity + 1)}>+</button></span>
      <button class="buy quiet" part="add" @click=${() => this.add(detail)}><span aria-live="polite">${this.added === product.id ? t.addedToCart : t.addToCart}</span></button>` : nothing}
      ${buy({ ...p, id: variant?.id ?? p.id }, this.cart && link ? { ...link, linked: true } : link, this.show, title, this.words, (e) => this.act.order('checkout', detail) || e.preventDefault(), label)}`;
  }

  private add(detail: ProductDetail): void {
    if (!this.act.order('add-to-cart', detail)) return; // the page shows that itself
    this.added = detail.product.id;
    setTimeout(() => (this.added = ''), 1600);
  }
}

const without = (choice: Readonly<Record<string, string>>, name: string): Record<string, string> => Object.fromEntries(Object.entries(choice).filter(([n]) => n !== name));

if (!customElements.get('mediad-pocket')) customElements.define('mediad-pocket', MediadPocket);

declare global {
  interface HTMLElementTagNameMap {
    'mediad-pocket': MediadPocket;
  }
}
