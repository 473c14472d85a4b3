import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { say } from '../../shared/language.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { Pages } from '../parts/pages.ts';
import { Poll } from '../parts/poll.ts';
import { wear } from '../parts/wear.ts';
import { hashOf } from '../route.ts';
import { table } from './list.ts';
import './order.ts';
import css from './orders.css?text';
import { stateWord, states, wordsOf, type Order } from './words.ts';

wear(css);

const every = 10_000; // ms between two looks for new orders
const counted = 99; // of the orders without a show: more are not counted
const named = 100; // shows and shops whose names are read

type State = (typeof states)[number];

/** `<studio-orders>`: the orders that shops have told of; `orders/unmatched` are those without a show, `orders/ORDER` is one. */
export class Orders extends Section {
  @state() private show = '';
  @state() private only: State | '' = '';
  @state() private shops: ReadonlyMap<string, string> = new Map();
  @state() private shows: ReadonlyMap<string, string> = new Map();
  @state() private queue = 0;
  @state() private news = false;
  private readonly orders = new Pages<Order>(this, async (cursor) => {
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
    return [this.unmatched, this.show, this.only].join();
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
    if (single) return html`${keyed(single, html`<studio-order .studio=${studio} .order=${single} .shops=${this.shops}></studio-order>`)}`;
    const tab = (route: string, on: boolean, text: TemplateResult | string): TemplateResult => html`<a class="button" href=${hashOf(route)} aria-current=${on ? 'page' : nothing}>${text}</a>`;
    const many = this.queue > counted ? `${counted}+` : String(this.queue);
    return html`<div class="head"><h1>${words.ordersHead}</h1><p>${this.unmatched ? words.queueWhy : words.ordersWhy}</p></div>
      <nav class="tabs" aria-label=${words.tabsLabel}>${tab('orders', !this.unmatched, words.tabAll)}${tab('orders/unmatched', this.unmatched, this.queue ? html`<span class="warn">${say(words.queueCount, { n: many })}</span>` : words.tabQueue)}</nav>
      ${this.filters()}
      ${this.news ? html`<div class="acts"><button type="button" class="news" @click=${() => void this.load()}>${words.newOrders}</button></div>` : nothing}
      ${listed(this.orders, studio, (items) => table(items, { shops: this.shops, shows: this.shows }, studio), this.none())}`;
  }

  private filters(): TemplateResult | typeof nothing {
    const words = wordsOf(this.studio.language);
    const set = (e: Event, to: (value: string) => void): void => { to((e.target as HTMLSelectElement).value); void this.load(); };
    if (!this.orders.items.length && !this.narrowed) return nothing;
    return html`<div class="filters"><label class="field"><span>${words.stateLabel}</span><select name="state" @change=${(e: Event) => set(e, (v) => (this.only = v as State | ''))}>
        <option value="" ?selected=${!this.only}>${words.stateAll}</option>${states.map((s) => html`<option value=${s} ?selected=${s === this.only}>${stateWord(s, words)}</option>`)}</select></label>
      ${this.unmatched ? nothing : html`<label class="field"><span>${words.showLabel}</span><select name="show" @change=${(e: Event) => set(e, (v) => (this.show = v))}>
        <option value="" ?selected=${!this.show}>${words.showEvery}</option>${[...this.shows].map(([id, title]) => html`<option value=${id} ?selected=${id === this.show}>${title}</option>`)}</select></label>`}
      ${this.narrowed ? html`<button type="button" class="quiet" @click=${() => this.clear()}>${words.clearFilter}</button>` : nothing}</div>`;
  }

  private get narrowed(): boolean {
    return this.only !== '' || (!this.unmatched && this.show !== '');
  }

  private none(): TemplateResult {
    const { studio } = this;
    const words = wordsOf(studio.language);
    if (this.narrowed) return html`<div class="empty"><p>${words.noneFound}</p><button type="button" @click=${() => this.clear()}>${words.showAll}</button></div>`;
    if (this.unmatched) return empty(icons.done, words.queueEmpty, words.queueEmptyWhy, html`<a class="button" href=${hashOf('orders')}>${words.showAll}</a>`);
    return empty(icons.orders, words.noOrders, words.noOrdersWhy, studio.may('goods') ? html`<a class="button loud" href=${hashOf('shops')}>${words.toShops}</a>` : undefined);
  }

  private clear(): void {
    this.only = this.show = '';
    void this.load();
    this.focusOn('select');
  }

  private async load(): Promise<void> {
    this.news = false;
    await this.orders.load();
  }

  private read(limit: number, cursor?: string) {
    const { client, org } = this.studio;
    return client.GET('/api/v1/orders', { params: { query: { org, limit, ...(this.unmatched ? { unmatched: true } : this.show ? { show: this.show } : {}), ...(this.only ? { state: this.only } : {}), ...(cursor ? { cursor } : {}) } } });
  }

  /** New orders do not move the list under one's hand: a button says that they are there. */
  private async look(): Promise<void> {
    if (this.single || !this.isConnected) return;
    const { client, org } = this.studio;
    const [newest, queue] = await Promise.all([this.read(1), client.GET('/api/v1/orders', { params: { query: { org, unmatched: true, limit: counted + 1 } } })]);
    if (queue.data) this.queue = queue.data.items?.length ?? 0;
    const first = newest.data?.items?.[0]?.id;
    if (this.orders.state !== 'there' || !first || first === this.orders.items[0]?.id) return;
    if (this.orders.items.length) this.news = true;
    else await this.load();
  }

  private async readNames(): Promise<void> {
    const { client, org, may } = this.studio;
    const query = { org, limit: named };
    const [shops, shows] = await Promise.all([may('goods') ? client.GET('/api/v1/shops', { params: { query } }) : undefined, client.GET('/api/v1/shows', { params: { query } })]);
    this.shops = new Map((shops?.data?.items ?? []).map((s) => [s.id, s.name]));
    this.shows = new Map((shows.data?.items ?? []).filter((s) => !s.rehearsal).map((s) => [s.id, s.title]));
  }
}

customElements.define('studio-orders', Orders);
