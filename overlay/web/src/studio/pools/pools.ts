import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { newKey } from '../parts/once.ts';
import { Pages } from '../parts/pages.ts';
import { wear } from '../parts/wear.ts';
import { day } from '../parts/when.ts';
import './pool.ts';
import style from './pools.css?text';
import { number, wordsOf, type Pool } from './words.ts';

wear(style);

/** `<catalogue-pools>`: one's own pools, and those that others grant. `see` shows the products of one. */
export class Pools extends Section {
  @property({ attribute: false }) see!: (pool: Pool) => void;
  @state() private making = false;
  @state() private trouble = '';
  private key = newKey();
  private readonly pools = new Pages<Pool>(this, (cursor) => this.studio.client.GET('/api/v1/pools', { params: { query: { org: this.studio.org, limit: 100, ...(cursor ? { cursor } : {}) } } }));

  protected override render(): TemplateResult {
    const { studio, pools } = this;
    const words = wordsOf(studio.language);
    const may = studio.may('goods');
    const none = this.making ? nothing : may ? empty(icons.catalogue, words.noneHead, words.noneWhy, html`<button type="button" class="loud" @click=${() => this.open()}>${icons.add}${words.make}</button>`) : empty(icons.catalogue, words.head, words.noneRead);
    return html`
      <div class="head"><h1>${words.head}</h1>${may && !this.making && pools.items.length ? html`<button type="button" class="loud add" @click=${() => this.open()}>${icons.add}${words.make}</button>` : nothing}<p>${words.why}</p></div>
      ${this.making ? this.form() : nothing}
      ${listed(pools, studio, (items) => {
        const own = items.filter((p) => p.org === studio.org);
        const received = items.filter((p) => p.org !== studio.org);
        return html`${own.length ? html`<section aria-labelledby="own-head"><h2 id="own-head">${words.ownHead}</h2>${this.table(own, false)}</section>` : nothing}
          ${received.length ? html`<section aria-labelledby="received-head"><h2 id="received-head">${words.receivedHead}</h2><p class="soft">${words.receivedWhy}</p>${this.table(received, true)}</section>` : nothing}`;
      }, none === nothing ? nothing : html`${none}`)}`;
  }

  private table(items: readonly Pool[], received: boolean): TemplateResult {
    const words = wordsOf(this.studio.language);
    const { locale } = this.studio.language;
    return html`<div class="sheet table"><table class="rows">
      <thead><tr><th scope="col">${words.poolColumn}</th>${received ? html`<th scope="col">${words.fromColumn}</th><th scope="col">${words.untilColumn}</th>` : nothing}<th scope="col" class="number">${words.productsColumn}</th><th scope="col"><span class="sr">${words.openColumn}</span></th></tr></thead>
      <tbody>${items.map((p) => html`<tr data-pool=${p.id}><td><strong>${p.name}</strong></td>
        ${received ? html`<td data-label=${words.fromColumn}>${p.owner ?? ''}</td><td data-label=${words.untilColumn}>${p.until ? day(p.until, locale) : words.untilOpen}</td>` : nothing}
        <td class="number" data-label=${words.productsColumn}>${number(p.products, locale)}</td>
        <td class="end"><div class="acts">${received ? html`<button type="button" @click=${() => this.see(p)}>${words.see}<span class="sr">: ${p.name}</span></button>` : html`<a class="button" href="#/catalogue/pools/${p.id}">${words.open}<span class="sr">: ${p.name}</span></a>`}</div></td></tr>`)}</tbody></table></div>`;
  }

  private form(): TemplateResult {
    const words = wordsOf(this.studio.language);
    return html`<form class="sheet named" @submit=${(e: SubmitEvent) => void this.make(e)} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') this.close(); }}>
      <label class="field"><span>${words.nameLabel}</span><input name="name" required maxlength="150" autocomplete="off" placeholder=${words.nameHint} aria-invalid=${this.trouble ? 'true' : 'false'} /></label>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="acts"><button type="submit" class="loud">${words.makeYes}</button><button type="button" @click=${() => this.close()}>${this.studio.language.words.keepIt}</button></div></form>`;
  }

  private open(): void {
    this.making = true;
    this.trouble = '';
    this.key = newKey();
    this.focusOn('.named input');
  }

  private close(): void {
    this.making = false;
    this.focusOn('.head .add, .empty .loud');
  }

  private async make(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { client, org, wrong, tell, go, language } = this.studio;
    const words = wordsOf(language);
    const name = String(new FormData(e.target as HTMLFormElement).get('name')).trim();
    const answer = await client.POST('/api/v1/pools', { params: { header: { 'Idempotency-Key': this.key } }, body: { org, name } });
    this.trouble = wrong(answer);
    if (answer.response.status < 500) this.key = newKey();
    if (!answer.data) return this.focusOn('.named input');
    tell(say(words.made, { name }));
    go(`catalogue/pools/${answer.data.id}`);
  }
}

customElements.define('catalogue-pools', Pools);
