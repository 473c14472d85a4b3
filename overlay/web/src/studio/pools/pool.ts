import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import '../parts/ask.ts';
import { Section } from '../parts/light.ts';
import { goods } from './goods.ts';
import './grants.ts';
import { Search } from './search.ts';
import { number, wordsOf, type Pool, type Product } from './words.ts';

/** `<catalogue-pool>`: what is in a pool, what could be, and who shows it. */
export class PoolPage extends Section {
  @property() pool = '';
  @state() private at: Pool | undefined;
  @state() private missing = '';
  @state() private naming = false;
  @state() private trouble = '';
  @state() private category = '';
  @state() private seller = '';
  @state() private categories: readonly string[] = [];
  @state() private filling = false;
  private readonly known = new Set<string>(); // products that are in the pool, as far as this page knows
  private readonly inside = new Search(this, () => this.studio, () => ({ pool: this.pool }));
  private readonly outside = new Search(this, () => this.studio, () => ({ seller: this.seller, category: this.category }));

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.inside.leave();
    this.outside.leave();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('pool') && this.pool) void this.load();
  }

  private async load(): Promise<void> {
    const { studio } = this;
    const { client, wrong, language } = studio;
    const words = wordsOf(language);
    const answer = await client.GET('/api/v1/pools/{pool}', { params: { path: { pool: this.pool } } });
    if (!answer.data) return void (this.missing = answer.response.status === 404 ? words.gone : wrong(answer));
    this.at = answer.data;
    void this.inside.look();
    if (!this.may) return;
    this.seller = studio.org;
    void this.outside.look();
    const all = await client.GET('/api/v1/categories', { params: { query: { org: studio.org, limit: 100 } } });
    this.categories = (all.data?.items ?? []).map((c) => c.path);
  }

  private get may(): boolean {
    return this.at !== undefined && this.studio.may('goods', this.at.org);
  }

  protected override render(): TemplateResult {
    const { at, studio } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const back = html`<a class="button" href="#/catalogue/pools">${words.toPools}</a>`;
    if (this.missing) return html`<div class="empty" role="alert"><h1>${this.missing}</h1>${back}</div>`;
    if (!at) return html`<p class="soft" role="status">${language.words.loadingPart}</p>`;
    for (const p of this.inside.items) this.known.add(p.id);
    const sellers = studio.orgs.filter((o) => studio.may('goods', o.id));
    const narrowed = this.outside.text !== '' || this.category !== '';
    return html`<div class="head"><h1>${at.name}</h1><div class="acts">${this.may && !this.naming ? html`<button type="button" class="rename" @click=${() => { this.naming = true; this.trouble = ''; this.focusOn('.named input'); }}>${words.rename}</button>` : nothing}${back}</div></div>
      ${this.naming ? this.nameForm(at) : nothing}
      ${this.trouble && !this.naming ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="pool">
        <section class="sheet" aria-labelledby="in-head"><h2 id="in-head">${words.inHead} <span class="soft count">${number(at.products, language.locale)}</span></h2>
          ${goods(this.inside, words, language.locale, { name: 'inside', own: studio.org, label: words.inSearch, none: this.may ? words.inNone : words.inNoneRead, act: (p) => (this.may ? html`<button type="button" @click=${() => void this.takeOut(p)}>${words.takeOut}<span class="sr">: ${p.title}</span></button>` : nothing) })}</section>
        ${this.may ? html`<section class="sheet" aria-labelledby="add-head"><h2 id="add-head">${words.addHead}</h2>
          ${sellers.length > 1 ? html`<label class="field"><span>${words.seller}</span><select name="seller" @change=${(e: Event) => { this.seller = (e.target as HTMLSelectElement).value; void this.outside.look(); }}>
            ${sellers.map((o) => html`<option value=${o.id} ?selected=${o.id === this.seller}>${o.name}</option>`)}</select></label>` : nothing}
          ${this.categories.length ? html`<label class="field"><span>${words.category}</span><select name="category" @change=${(e: Event) => { this.category = (e.target as HTMLSelectElement).value; void this.outside.look(); }}>
            <option value="">${words.categoryAll}</option>${this.categories.map((c) => html`<option value=${c} ?selected=${c === this.category}>${c}</option>`)}</select></label>` : nothing}
          ${goods(this.outside, words, language.locale, { name: 'outside', own: this.seller, label: words.addSearch, none: this.category ? words.foundNone : html`${words.addNone} <a href="#/catalogue">${words.toCatalogue}</a>`,
            act: (p) => (this.known.has(p.id) ? html`<span class="soft is-in">${words.isIn}</span>` : html`<button type="button" @click=${() => void this.add(p)}>${words.add}<span class="sr">: ${p.title}</span></button>`) })}
          ${narrowed && this.outside.items.length ? html`<button type="button" class="all" ?disabled=${this.filling} @click=${() => void this.addFound()}>${words.addFound}</button>` : nothing}</section>` : nothing}
      </div>
      ${this.may ? html`<pool-grants .studio=${studio} .pool=${at}></pool-grants>` : nothing}
      ${studio.may('own', at.org) ? html`<div class="acts"><studio-ask .words=${language.words} label=${words.delete} question=${say(words.deleteAsk, { name: at.name, n: number(at.products, language.locale) })} yes=${words.deleteYes} .act=${() => this.dismiss(at)}></studio-ask></div>` : nothing}`;
  }

  private nameForm(at: Pool): TemplateResult {
    const words = wordsOf(this.studio.language);
    const leave = (): void => { this.naming = false; this.trouble = ''; this.focusOn('.rename'); };
    return html`<form class="sheet named" @submit=${(e: SubmitEvent) => { e.preventDefault(); void this.rename(at, String(new FormData(e.target as HTMLFormElement).get('name')).trim(), true); }} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') leave(); }}>
      <label class="field"><span>${words.nameLabel}</span><input name="name" required maxlength="150" autocomplete="off" .value=${at.name} /></label>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="acts"><button type="submit" class="loud">${words.renameYes}</button><button type="button" @click=${leave}>${this.studio.language.words.keepIt}</button></div></form>`;
  }

  private async rename(at: Pool, name: string, undo: boolean): Promise<void> {
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.PATCH('/api/v1/pools/{pool}', { params: { path: { pool: at.id } }, body: { name } });
    this.trouble = wrong(answer);
    if (!answer.data) return;
    this.at = answer.data;
    this.naming = false;
    this.focusOn('.rename');
    tell(say(words.renamed, { name }), undo ? () => this.rename(at, at.name, false) : undefined);
  }

  private async dismiss(at: Pool): Promise<string> {
    const { client, wrong, tell, go, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.DELETE('/api/v1/pools/{pool}', { params: { path: { pool: at.id } } });
    if (!answer.response.ok && answer.response.status !== 404) return wrong(answer);
    tell(say(words.deleted, { name: at.name }));
    go('catalogue/pools');
    return '';
  }

  // ---- its products

  /** Sends a change, and gives how many products more the pool has; undefined: it was refused. */
  private async change(body: { add?: string[]; remove?: string[]; add_found?: { q?: string; category?: string; org: string } }): Promise<number | undefined> {
    const { client, wrong } = this.studio;
    const before = this.at?.products ?? 0;
    const answer = await client.PATCH('/api/v1/pools/{pool}/products', { params: { path: { pool: this.pool } }, body });
    this.trouble = wrong(answer);
    if (!answer.data) return undefined;
    this.at = answer.data;
    return answer.data.products - before;
  }

  private async add(p: Product, undone = false): Promise<void> {
    const { tell, language } = this.studio;
    const words = wordsOf(language);
    const more = await this.change({ add: [p.id] });
    if (more === undefined) return;
    this.known.add(p.id);
    this.inside.put(p);
    this.requestUpdate();
    if (!undone) tell(say(more ? words.added : words.addedBefore, { title: p.title }), more ? () => this.takeOut(p, true) : undefined);
    this.focusOn(`[name=outside] ~ * [data-product="${p.id}"] button`);
  }

  private async takeOut(p: Product, undone = false): Promise<void> {
    const { tell, language } = this.studio;
    const words = wordsOf(language);
    const at = this.inside.items.findIndex((q) => q.id === p.id);
    if ((await this.change({ remove: [p.id] })) === undefined) return;
    this.known.delete(p.id);
    this.inside.drop(p.id);
    if (!undone) tell(say(words.tookOut, { title: p.title }), () => this.add(p, true));
    const next = this.inside.items[at] ?? this.inside.items[at - 1];
    if (!undone) this.focusOn(next ? `section:first-of-type [data-product="${next.id}"] button` : '[name=inside]');
    this.requestUpdate();
  }

  private async addFound(): Promise<void> {
    const { tell, language } = this.studio;
    const words = wordsOf(language);
    const { text } = this.outside;
    this.filling = true;
    const more = await this.change({ add_found: { org: this.seller, ...(text ? { q: text } : {}), ...(this.category ? { category: this.category } : {}) } });
    this.filling = false;
    if (more === undefined) return;
    for (const p of this.outside.items) this.known.add(p.id);
    this.requestUpdate();
    tell(say(words.addedFound, { n: number(more, language.locale) }));
    await this.inside.look();
  }
}

customElements.define('catalogue-pool', PoolPage);
