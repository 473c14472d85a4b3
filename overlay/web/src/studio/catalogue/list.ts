import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { digitsOf } from '../../shared/currency.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import { editable, fall, isLargeFall, parsePrice } from '../../shared/price.ts';
import type { Studio } from '../context.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { bulk } from './bulk.ts';
import { Choices } from './choices.ts';
import { filters } from './filters.ts';
import { mine, row, type Cell, type Field, type RowHooks } from './row.ts';
import { everything, type Shelf } from './shelf.ts';
import { sortHead } from './sort.ts';
import { wordsOf, type Product } from './words.ts';

const searchPause = 180; // ms after the last key

/** `<catalogue-list>`: a table to search, edit in its place, and edit many at once. */
export class List extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) shelf!: Shelf;
  /** New whenever the shelf has changed. */
  @property({ attribute: false }) tick: object = {};
  @property({ attribute: false }) text = '';
  @state() private cell: Cell | undefined;
  @state() private sifting = false; // on phones filters and order stand behind a button
  private readonly choices = new Choices(this, () => this.studio);
  private last = ''; // the row that was selected last, where a range begins
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.shelf.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override render(): TemplateResult {
    const { shelf, studio } = this;
    const words = wordsOf(studio.language);
    const may = studio.may('goods');
    if (shelf.empty) return this.first(may);
    return html`
      <div class="head"><h1>${words.head}</h1>${may ? html`<div class="acts">
        <a class="button" href="#/catalogue/import">${words.bring}</a>
        <a class="button loud" href="#/catalogue/new">${icons.add}${words.add}</a></div>` : nothing}</div>
      <div class="finder" data-open=${this.sifting}>
        <label class="field"><span class="sr">${words.searchLabel}</span><input type="search" id="find" autocomplete="off" placeholder=${words.searchHint} .value=${shelf.query.text} @input=${this.typed} @keydown=${this.searchKey} /></label>
        <button type="button" class="sift" aria-expanded=${this.sifting} @click=${() => (this.sifting = !this.sifting)}>${words.filterButton}</button>
        ${filters(shelf, this.choices, studio)}
      </div>
      ${shelf.total !== undefined && shelf.items.length ? html`<p class="soft count" role="status">${this.counted(shelf.total)}</p>` : nothing}
      ${may && shelf.chosen.size ? bulk(shelf, studio, this.choices, () => this.focusOn('#find')) : nothing}
      ${this.body(may)}
      ${this.pages()}`;
  }

  /** How many products there are, or match what was asked for. */
  private counted(n: number): string {
    const words = wordsOf(this.studio.language);
    const { text, category, from } = this.shelf.query;
    const figure = new Intl.NumberFormat(this.studio.language.locale).format(n);
    return text || category || from ? (n === 1 ? words.matchOne : say(words.matchMany, { n: figure })) : n === 1 ? words.countOne : say(words.countMany, { n: figure });
  }

  /** Where there is nothing yet: the way in stands there itself. */
  private first(may: boolean): TemplateResult {
    const words = wordsOf(this.studio.language);
    return html`<div class="head"><h1>${words.head}</h1></div>
      ${may ? html`<section class="begin">${empty(icons.catalogue, words.emptyHead, words.emptyWhy)}
        <catalogue-intake .studio=${this.studio} .text=${this.text} inside></catalogue-intake>
        <p class="soft or"><a class="button" href="#/catalogue/new">${words.oneByOne}</a></p></section>` : empty(icons.catalogue, words.emptyHead, words.emptyOthers)}`;
  }

  private body(may: boolean): TemplateResult {
    const { shelf, studio } = this;
    const words = wordsOf(studio.language);
    if (shelf.state === 'failed') return html`<div class="empty" role="alert"><p class="trouble">${shelf.trouble}</p><button type="button" class="loud" @click=${() => void shelf.load()}>${words.tryAgain}</button></div>`;
    if (shelf.state !== 'ready' && !shelf.items.length) return html`<p class="soft" role="status">${words.loading}</p>`;
    if (!shelf.items.length) return empty(icons.catalogue, shelf.query.text || shelf.query.category ? say(words.foundNone, { text: shelf.query.text || shelf.query.category }) : words.foundNoneHere, words.foundNoneWhy, html`<button type="button" @click=${() => { void shelf.find({ ...everything, sort: shelf.query.sort }); this.focusOn('#find'); }}>${words.clearFilter}</button>`);
    const own = shelf.items.filter((p) => mine(p, studio));
    const all = own.length > 0 && own.every((p) => shelf.chosen.has(p.id));
    return html`<div class="sheet table goods" aria-busy=${shelf.state === 'loading'} @keydown=${this.moved}>
      <table class="rows"><caption class="sr">${words.tableCaption}</caption>
        <thead><tr>
          ${may ? html`<th class="tick"><label class="check"><input type="checkbox" .checked=${all} .indeterminate=${!all && shelf.items.some((p) => shelf.chosen.has(p.id))} @change=${() => this.chooseAll(!all)} /><span class="sr">${words.selectAll}</span></label></th>` : nothing}
          ${sortHead(shelf, 'title', words.productColumn)}${sortHead(shelf, 'price', words.priceColumn, 'number')}<th>${words.stockColumn}</th><th>${words.categoryColumn}</th><th><span class="sr">${words.details}</span></th>
        </tr></thead>
        <tbody>${shelf.items.map((p) => row(p, this.cell?.id === p.id ? this.cell : undefined, shelf, studio, may, mine(p, studio), this.hooks))}</tbody>
      </table></div>
      ${may ? html`<p class="soft small keys">${words.tableKeys}</p>` : nothing}`;
  }

  private pages(): TemplateResult | typeof nothing {
    const { shelf } = this;
    const words = wordsOf(this.studio.language);
    if (shelf.page === 1 && !shelf.next) return nothing;
    const turn = (way: 1 | -1): void => {
      this.cell = undefined;
      void shelf.turn(way).then(() => this.querySelector('.goods')?.scrollIntoView({ block: 'nearest' }));
    };
    return html`<nav class="acts pages" aria-label=${words.tableCaption}>
      <button type="button" ?disabled=${shelf.page === 1} @click=${() => turn(-1)}>${words.pageBefore}</button>
      <span class="soft">${say(words.pageNumber, { n: shelf.page, of: shelf.pages })}</span>
      <button type="button" ?disabled=${!shelf.next} @click=${() => turn(1)}>${words.pageNext}</button></nav>`;
  }

  // ---- search

  private readonly typed = (e: Event): void => {
    const text = (e.target as HTMLInputElement).value.trim();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.shelf.find({ ...this.shelf.query, text }), searchPause);
  };

  private readonly searchKey = (e: KeyboardEvent): void => {
    if (e.isComposing) return;
    if (e.key === 'ArrowDown') {
      e.preventDefault();
      this.querySelector<HTMLElement>('.goods [data-field]')?.focus();
    } else if (e.key === 'Escape') void this.shelf.find({ ...this.shelf.query, text: '' });
  };

  // ---- rows

  private readonly hooks: RowHooks = {
    choose: (p, chosen, range) => {
      const ids = this.shelf.items.map((q) => q.id);
      const [from, to] = [ids.indexOf(this.last), ids.indexOf(p.id)].sort((a, b) => a - b) as [number, number];
      const some = range && from >= 0 ? this.shelf.items.slice(from, to + 1) : [p];
      for (const q of some.filter((r) => mine(r, this.studio))) chosen ? this.shelf.chosen.set(q.id, q) : this.shelf.chosen.delete(q.id);
      this.last = p.id;
      this.requestUpdate();
    },
    edit: (p, field, begin) => {
      const digits = digitsOf(p.currency, p.digits);
      const text = field === 'price' ? editable(p.price, digits) : field === 'title' ? p.title : p.category ?? '';
      this.cell = { id: p.id, field, text: begin ?? text, wrong: '' };
      this.focusOn(`[data-row="${p.id}"] .cell input`, begin === undefined);
    },
    leave: (p, field) => {
      this.cell = undefined;
      this.focusOn(`[data-row="${p.id}"] [data-field="${field}"]`);
    },
    save: (p, text, down) => this.save(p, text, down),
    yes: (p) => this.cell?.asked !== undefined && this.commit(p, 'price', this.cell.asked, false),
    stock: (p, stock) => void this.shelf.change([p], () => ({ stock: stock as never })),
    category: (name) => void this.shelf.find({ ...everything, category: name, sort: this.shelf.query.sort }),
  };

  private save(p: Product, text: string, down: boolean): void {
    const { cell } = this;
    if (!cell || cell.question) return; // a field that goes tells its end once more
    const words = wordsOf(this.studio.language);
    if (cell.field !== 'price') {
      if (text.trim() === (cell.field === 'title' ? p.title : p.category ?? '')) return this.goOn(p, cell.field, down);
      return this.commit(p, cell.field, text.trim(), down);
    }
    const digits = digitsOf(p.currency, p.digits);
    const price = parsePrice(text, digits);
    if (price === undefined) {
      this.cell = { ...cell, text, wrong: digits ? words.badPrice : say(words.badDigits, { currency: p.currency }) };
      if (down) this.focusOn(`[data-row="${p.id}"] .cell input`);
      return;
    }
    if (price === p.price) return this.goOn(p, 'price', down);
    if (isLargeFall(p.price, price)) {
      const at = (n: number): string => money(n, p.currency, this.studio.language.locale, p.digits);
      this.cell = { ...cell, text, wrong: '', asked: price, question: say(words.dropAsk, { from: at(p.price), to: at(price), percent: fall(p.price, price) }), yes: say(words.dropYes, { to: at(price) }) };
      return this.focusOn(`[data-row="${p.id}"] .keep`);
    }
    this.commit(p, 'price', price, down);
  }

  private commit(p: Product, field: Field, value: string | number, down: boolean): void {
    // A list price that is no longer above the price says nothing any more.
    const fields = field === 'price' && p.list_price && p.list_price < Number(value) ? { price: Number(value), list_price: 0 } : { [field]: value };
    void this.shelf.change([p], () => fields);
    this.goOn(p, field, down);
  }

  /** As in a spreadsheet, Enter goes on to the row below. */
  private goOn(p: Product, field: Field, down: boolean): void {
    this.cell = undefined;
    const at = this.shelf.items.findIndex((q) => q.id === p.id);
    const to = (down ? this.shelf.items[at + 1] : undefined) ?? p;
    this.focusOn(`[data-row="${to.id}"] [data-field="${field}"]`);
  }

  private chooseAll(chosen: boolean): void {
    for (const p of this.shelf.items.filter((q) => mine(q, this.studio))) chosen ? this.shelf.chosen.set(p.id, p) : this.shelf.chosen.delete(p.id);
    this.requestUpdate();
  }

  /** Arrows go from cell to cell; a key that writes begins to write. */
  private readonly moved = (e: KeyboardEvent): void => {
    const here = e.target as HTMLElement;
    const field = here.dataset['field'];
    const tr = here.closest('tr');
    if (!field || !tr || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    const cells = [...tr.querySelectorAll<HTMLElement>('[data-field]')];
    const to = {
      ArrowDown: tr.nextElementSibling?.querySelector<HTMLElement>(`[data-field="${field}"]`), ArrowUp: tr.previousElementSibling?.querySelector<HTMLElement>(`[data-field="${field}"]`),
      ArrowRight: cells[cells.indexOf(here) + 1], ArrowLeft: cells[cells.indexOf(here) - 1],
    }[e.key];
    if (here instanceof HTMLSelectElement && !to) return;
    if (to) {
      e.preventDefault();
      to.focus();
      return;
    }
    const p = this.shelf.items.find((q) => q.id === tr.dataset['row']);
    if (!p || !mine(p, this.studio) || here instanceof HTMLSelectElement || here instanceof HTMLInputElement) return;
    if (e.key === ' ') {
      e.preventDefault();
      this.hooks.choose(p, !this.shelf.chosen.has(p.id), e.shiftKey);
    } else if (e.key.length === 1 || e.key === 'Delete') {
      e.preventDefault();
      this.hooks.edit(p, field as Field, e.key.length === 1 ? e.key : '');
    }
  };

  /** What is drawn anew loses the focus: gives it to what takes its place. */
  private focusOn(selector: string, whole = false): void {
    void this.updateComplete.then(() => {
      const e = this.querySelector<HTMLElement>(selector);
      e?.focus();
      if (whole && e instanceof HTMLInputElement) e.select();
    });
  }
}

customElements.define('catalogue-list', List);
