import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { say } from '../../shared/language.ts';
import '../listings/bulk.ts';
import { fieldsOf } from '../listings/listed.ts';
import '../parts/ask.ts';
import { Section } from '../parts/light.ts';
import { Poll } from '../parts/poll.ts';
import { hashOf } from '../route.ts';
import { shopFields } from './fields.ts';
import { configIn, hears, ownHost, stockIn, type Shop } from './kinds.ts';
import { standingOf } from './standing.ts';
import { steps } from './steps.ts';
import { kindOf, stockWord, wordsOf } from './words.ts';

const waiting = 4000; // ms between two looks for the first order, or for one that is taken again
const settled = 60_000;

/** `<studio-shop>`: one shop: whether its orders arrive, how they do, and what it knows. */
export class ShopPage extends Section {
  @property() shop = '';
  @state() private at: Shop | undefined;
  @state() private missing = '';
  @state() private trouble = '';
  @state() private conflict = false;
  @state() private busy = false;
  private folds: boolean | undefined; // orders arrived already when the page was opened
  private stepping = false; // the folded steps are open
  private rev = 0; // what the form was filled from
  private filled = 0; // how often it was
  private readonly poll = new Poll(this, () => (this.at?.heard && !this.at.refused ? settled : waiting), () => this.look());

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('shop') && this.shop) void this.load();
  }

  protected override render(): TemplateResult {
    const { studio, at } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const back = html`<a class="back" href=${hashOf('shops')}>${words.allShops}</a>`;
    if (this.missing) return html`${back}<div class="empty" role="alert"><p>${this.missing}</p></div>`;
    if (!at) return html`${back}<p class="soft" role="status">${language.words.loadingPart}</p>`;
    const own = studio.may('own', at.org);
    const numbers = studio.may('goods', at.org) && (at.kind === 'stripe-link' || fieldsOf(at)[0] === 'ref') ? keyed(at.id, html`<shop-listings .studio=${studio} .shop=${at}></shop-listings>`) : nothing;
    return html`${back}<div class="head"><h1>${at.name}</h1><p>${kindOf(at.kind, words).name}</p></div>
      ${this.standing(at)}
      ${this.folds || !own ? numbers : nothing}
      ${own ? html`<div class="parts" ?data-folds=${this.folds}>
        ${this.steps(at)}
        <div class="stack"><section class="sheet" aria-labelledby="settings-head"><h2 id="settings-head">${words.settingsHead}</h2>${keyed(this.filled, this.form(at))}</section>
          <div class="acts"><studio-ask .words=${language.words} label=${words.removeShop} question=${say(words.removeAsk, { name: at.name })} yes=${words.removeYes} .act=${() => this.dismiss(at)}></studio-ask></div></div>
      </div>` : html`<section class="sheet stack"><p>${kindOf(at.kind, words).why}</p>
        ${ownHost(at.kind, at.config) ? html`<p><bdi>${[ownHost(at.kind, at.config), ...(at.config.hosts ?? [])].join(', ')}</bdi></p>` : nothing}
        <p>${stockWord(at.stock, words)}</p><p class="soft">${words.ownersChange}</p></section>`}
      ${this.folds || !own ? nothing : numbers /* they are a later step of a shop that is not connected yet */}`;
  }

  /** How its orders arrive. Where they do, nobody needs the steps: they are folded, but never under somebody's hand, who may have a secret before them that is shown once. */
  private steps(at: Shop): TemplateResult {
    const { studio } = this;
    const words = wordsOf(studio.language);
    const all = steps(at, studio, (shop) => this.changed(shop));
    if (!this.folds) return html`<section class="sheet stack" aria-labelledby="steps-head"><h2 id="steps-head">${words.stepsHead}</h2>${all}</section>`;
    return html`<section class="sheet"><details class="folded" ?open=${this.stepping} @toggle=${(e: Event) => (this.stepping = (e.target as HTMLDetailsElement).open)}><summary><h2>${words.stepsHead}</h2><span class="soft small">${words.stepsFolded}</span></summary>${all}</details></section>`;
  }

  /** Whether its orders arrive. */
  private standing(at: Shop): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    const { how, text, next } = standingOf(at, words, language.locale);
    return html`<section class="sheet standing" data-how=${how} role="status"><p class="lamp">${text}</p>
      ${at.heard && this.studio.may('figures', at.org) ? html`<a class="button" href=${hashOf('orders')}>${words.toOrders}</a>` : nothing}
      <p class="soft">${next || words.lastHeardWhy}</p></section>`;
  }

  private form(at: Shop): TemplateResult {
    const words = wordsOf(this.studio.language);
    return html`<form class="fields" @submit=${(e: SubmitEvent) => void this.save(e, at)}>
      ${shopFields(at.kind, at.name, at.config, at.stock, words)}
      ${this.conflict ? html`<p class="trouble wide" role="alert">${words.changedMeanwhile}</p>` : this.trouble ? html`<p class="trouble wide" role="alert">${this.trouble}</p>` : nothing}
      <div class="acts wide">${this.conflict ? html`<button type="button" class="loud" @click=${() => void this.load(true)}>${words.loadAnew}</button>` : html`<button class="loud" type="submit" ?disabled=${this.busy}>${words.saveShop}</button>`}</div>
    </form>`;
  }

  private async load(focus = false): Promise<void> {
    const { client, wrong, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.GET('/api/v1/shops/{shop}', { params: { path: { shop: this.shop } } });
    if (!answer.data) return void (this.missing = answer.response.status === 404 ? words.shopGone : wrong(answer));
    this.folds ??= !!answer.data.heard && !answer.data.refused;
    this.take(answer.data);
    this.poll.now();
    if (focus) this.focusOn('form.fields [name=name]');
  }

  /** Fills the form anew. */
  private take(shop: Shop): void {
    this.at = shop;
    this.rev = shop.rev;
    this.filled++;
    this.conflict = false;
    this.trouble = '';
  }

  /** After a change of a secret the form goes on, unless somebody else has changed what is in it. */
  private changed(shop: Shop): void {
    if (shop.rev === this.rev + 1) this.rev = shop.rev;
    this.at = shop;
    this.poll.now();
  }

  /** Looks how it stands now; what the form was filled from stays. */
  private async look(): Promise<void> {
    const { at } = this;
    if (!at || !hears(at) || this.busy) return;
    const { data } = await this.studio.client.GET('/api/v1/shops/{shop}', { params: { path: { shop: at.id } } });
    if (data && this.at === at && data.rev === at.rev) this.at = data;
  }

  private async save(e: SubmitEvent, at: Shop): Promise<void> {
    e.preventDefault();
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const data = new FormData(e.target as HTMLFormElement);
    const stock = stockIn(at.kind, data);
    this.busy = true;
    const answer = await client.PATCH('/api/v1/shops/{shop}', { params: { path: { shop: at.id } }, body: { rev: this.rev, name: String(data.get('name')).trim(), config: configIn(at.kind, data), ...(stock ? { stock } : {}) } });
    this.busy = false;
    this.conflict = answer.response.status === 409;
    this.trouble = wrong(answer);
    if (!answer.data) return;
    this.take(answer.data);
    tell(words.shopSaved);
    this.focusOn('form.fields .loud');
  }

  private async dismiss(at: Shop): Promise<string> {
    const { client, wrong, tell, go, language } = this.studio;
    const answer = await client.DELETE('/api/v1/shops/{shop}', { params: { path: { shop: at.id } } });
    if (!answer.response.ok && answer.response.status !== 404) return wrong(answer);
    const words = wordsOf(language);
    tell(say(words.removed, { name: at.name }));
    go('shops');
    return '';
  }
}

customElements.define('studio-shop', ShopPage);
