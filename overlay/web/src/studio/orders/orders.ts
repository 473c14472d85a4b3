import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { keyed } from 'lit/directives/keyed.js';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { Pages } from '../parts/pages.ts';
import { Poll } from '../parts/poll.ts';
import { wear } from '../parts/wear.ts';
import { momentIn, ownZone } from '../parts/zone.ts';
import { hashOf } from '../route.ts';
import { Fits } from './fits.ts';
import { table } from './list.ts';
import type { Show } from './nearest.ts';
import './order.ts';
import { queue } from './queue.ts';
import css from './orders.css?text';
import { stateWord, states, wordsOf, type Listed } from './words.ts';

wear(css);

const every = 10_000; // ms between two looks for new orders
const counted = 99; // of the orders without a show: more are not counted
const pause = 300; // ms after the last letter of a number
const named = 100; // shows and shops whose names are read

type Shop = Schemas['ShopBody'];
type State = (typeof states)[number];

/** `<studio-orders>`: the orders that shops have told of; `orders/unmatched` are those without a show, `orders/ORDER` is one. */
export class Orders extends Section {
  @state() private show = '';
  @state() private only: State | '' = '';
  @state() private shop = '';
  @state() private q = ''; // a part of an order's number
  @state() private days = { from: '', until: '' }; // the first and the last, '2026-12-03'
  @state() private open = false; // on phones the filters stand behind a button
  @state() private shopList: readonly Shop[] = [];
  @state() private shows: ReadonlyMap<string, string> = new Map();
  @state() private showList: readonly Show[] = [];
  private fits: Fits | undefined; // of the queue
  @state() private queue = 0;
  @state() private news = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly orders = new Pages<Listed>(this, async (cursor) => {
    const asked = this.asked;
    const answer = await this.read(50, cursor);
    return asked === this.asked ? answer : this.read(50); // somebody has chosen another list meanwhile
  });

  constructor() {
    super();
    new Poll(this, () => every, () => this.look());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.readNames();
  }

  protected override updated(changed: Map<string, readonly string[]>): void {
    if (!changed.has('rest') || !changed.get('rest') || this.single) return;
    if (changed.get('rest')?.[0] !== this.rest[0]) [this.orders.items, this.orders.next] = [[], undefined];
    void this.load();
    void this.look();
  }

  private get asked(): string {
    return JSON.stringify([this.unmatched, this.filter]);
  }

  private get unmatched(): boolean {
    return this.rest[0] === 'unmatched';
  }

  /** The order that the address names; "": it names a list. */
  private get single(): string {
    return this.unmatched ? '' : this.rest[0] ?? '';
  }

  protected override render(): TemplateResult {
    const { studio, single } = this;
    const words = wordsOf(studio.language);
    if (single) return html`${keyed(single, html`<studio-order .studio=${studio} .order=${single} .shops=${this.shopList}></studio-order>`)}`;
    const tab = (route: string, on: boolean, text: TemplateResult | string): TemplateResult => html`<a class="button" href=${hashOf(route)} aria-current=${on ? 'page' : nothing}>${text}</a>`;
    const many = this.queue > counted ? `${counted}+` : String(this.queue);
    return html`<div class="head"><h1>${words.ordersHead}</h1><p>${this.unmatched ? words.queueWhy : words.ordersWhy}</p></div>
      <nav class="tabs" aria-label=${words.tabsLabel}>${tab('orders', !this.unmatched, words.tabAll)}${tab('orders/unmatched', this.unmatched, this.queue ? html`<span class="warn">${say(words.queueCount, { n: many })}</span>` : words.tabQueue)}</nav>
      ${this.filters()}
      ${this.news ? html`<div class="acts"><button type="button" class="news" @click=${() => void this.load()}>${words.newOrders}</button></div>` : nothing}
      ${listed(this.orders, studio, (items) => this.rows(items), this.none())}`;
  }

  private rows(items: readonly Listed[]): TemplateResult {
    const { studio, showList: shows } = this;
    const names = { shops: new Map(this.shopList.map((s) => [s.id, s.name])), shows: this.shows };
    return this.unmatched ? queue(items, names, studio, { shows, fits: (this.fits ??= new Fits(studio)), changed: () => void this.look() }) : table(items, names, studio);
  }

  private filters(): TemplateResult | typeof nothing {
    const words = wordsOf(this.studio.language);
    const set = (e: Event, to: (value: string) => void): void => { to((e.target as HTMLInputElement).value.trim()); void this.load(); };
    const typed = (e: Event): void => { clearTimeout(this.timer); this.timer = setTimeout(() => set(e, (v) => (this.q = v)), pause); };
    if (!this.orders.items.length && !this.narrowed) return nothing;
    return html`<div class="finding"><label class="find"><span class="sr">${words.findLabel}</span><input type="search" name="q" maxlength="100" autocomplete="off" spellcheck="false" placeholder=${words.findLabel} .value=${live(this.q)} @input=${typed} /></label>
      <button type="button" class="sift" aria-expanded=${this.open} @click=${() => (this.open = !this.open)}>${words.filterButton}</button>
      <a class="button csv" download href=${this.csv}>${words.csvButton}</a></div>
      <div class="filters" data-open=${this.open}><label class="field"><span>${words.stateLabel}</span><select name="state" @change=${(e: Event) => set(e, (v) => (this.only = v as State | ''))}>
        <option value="" ?selected=${!this.only}>${words.stateAll}</option>${states.map((s) => html`<option value=${s} ?selected=${s === this.only}>${stateWord(s, words)}</option>`)}</select></label>
      ${this.unmatched ? nothing : html`<label class="field"><span>${words.showLabel}</span><select name="show" @change=${(e: Event) => set(e, (v) => (this.show = v))}>
        <option value="" ?selected=${!this.show}>${words.showEvery}</option>${[...this.shows].map(([id, title]) => html`<option value=${id} ?selected=${id === this.show}>${title}</option>`)}</select></label>`}
      ${this.shopList.length > 1 || this.shop ? html`<label class="field"><span>${words.shopLabel}</span><select name="shop" @change=${(e: Event) => set(e, (v) => (this.shop = v))}>
        <option value="" ?selected=${!this.shop}>${words.shopEvery}</option>${this.shopList.map((s) => html`<option value=${s.id} ?selected=${s.id === this.shop}>${s.name}</option>`)}</select></label>` : nothing}
      <label class="field day"><span>${words.fromLabel}</span><input type="date" name="from" .value=${live(this.days.from)} @change=${(e: Event) => set(e, (from) => (this.days = { ...this.days, from }))} /></label>
      <label class="field day"><span>${words.untilLabel}</span><input type="date" name="until" .value=${live(this.days.until)} @change=${(e: Event) => set(e, (until) => (this.days = { ...this.days, until }))} /></label>
      ${this.narrowed ? html`<button type="button" class="quiet" @click=${() => this.clear()}>${words.clearFilter}</button>` : nothing}</div>`;
  }

  private get narrowed(): boolean {
    return Object.keys(this.filter).length > 0;
  }

  /** What is asked for, beside the organisation. */
  private get filter(): { q?: string; shop?: string; show?: string; state?: State; from?: string; until?: string } {
    const { q, shop, only, days } = this;
    const show = this.unmatched ? '' : this.show;
    const from = momentIn(days.from, '00:00', ownZone());
    const last = momentIn(days.until, '00:00', ownZone());
    const after = last && new Date(last.at);
    after?.setDate(after.getDate() + 1); // the last day is meant as a whole
    return { ...(q ? { q } : {}), ...(shop ? { shop } : {}), ...(show ? { show } : {}), ...(only ? { state: only } : {}), ...(from ? { from: from.at.toISOString() } : {}), ...(after ? { until: after.toISOString() } : {}) };
  }

  /** The address of the same orders as a table. */
  private get csv(): string {
    return `/api/v1/orders.csv?${new URLSearchParams({ org: this.studio.org, ...(this.unmatched ? { unmatched: 'true' } : {}), ...this.filter }).toString()}`;
  }

  private none(): TemplateResult {
    const { studio } = this;
    const words = wordsOf(studio.language);
    if (this.narrowed) return html`<div class="empty"><p>${words.noneFound}</p><button type="button" @click=${() => this.clear()}>${words.showAll}</button></div>`;
    if (this.unmatched) return empty(icons.done, words.queueEmpty, words.queueEmptyWhy, html`<a class="button" href=${hashOf('orders')}>${words.showAll}</a>`);
    return empty(icons.orders, words.noOrders, words.noOrdersWhy, studio.may('goods') ? html`<a class="button loud" href=${hashOf('shops')}>${words.toShops}</a>` : undefined);
  }

  private clear(): void {
    this.only = this.show = this.shop = this.q = '';
    this.days = { from: '', until: '' };
    void this.load();
    this.focusOn('[name=q]');
  }

  private async load(): Promise<void> {
    this.news = false;
    await this.orders.load();
  }

  private read(limit: number, cursor?: string) {
    const { client, org } = this.studio;
    return client.GET('/api/v1/orders', { params: { query: { org, limit, ...(this.unmatched ? { unmatched: true } : {}), ...this.filter, ...(cursor ? { cursor } : {}) } } });
  }

  /** New orders do not move the list under one's hand: a button says that they are there. */
  private async look(): Promise<void> {
    if (this.single || !this.isConnected) return;
    const { client, org } = this.studio;
    const [newest, queue] = await Promise.all([this.read(1), client.GET('/api/v1/orders', { params: { query: { org, unmatched: true, limit: counted + 1 } } })]);
    if (queue.data) this.queue = queue.data.items?.length ?? 0;
    const first = newest.data?.items?.[0]?.id;
    if (this.unmatched && this.querySelector('.answered')) return; // what was answered stays until one leaves
    if (this.orders.state !== 'there' || !first || first === this.orders.items[0]?.id) return;
    if (this.orders.items.length) this.news = true;
    else await this.load();
  }

  private async readNames(): Promise<void> {
    const { client, org, may } = this.studio;
    const query = { org, limit: named };
    const [shops, shows] = await Promise.all([may('goods') ? client.GET('/api/v1/shops', { params: { query } }) : undefined, client.GET('/api/v1/shows', { params: { query } })]);
    this.shopList = shops?.data?.items ?? [];
    this.showList = shows.data?.items ?? [];
    this.shows = new Map((shows.data?.items ?? []).filter((s) => !s.rehearsal).map((s) => [s.id, s.title]));
  }
}

customElements.define('studio-orders', Orders);
