import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-results.ts';
import { parseShown } from '../../shared/shown.ts';
import type { Schemas, Studio } from '../context.ts';
import { Poll } from '../parts/poll.ts';
import { deals, presenters } from './deals.ts';
import { placesOf, type Placed } from './bands.ts';
import { figures, type Former } from './figures.ts';
import './minutes.ts';
import { moments } from './moments.ts';
import { productTable } from './products.ts';
import { shares, sold, type Fact } from './report.ts';
import { chaptersOf, formerOf, numbersOf, resultsOf, shownAt, type Chapter } from './result.ts';
import css from './results.css?text';
import { lasting } from '../parts/size.ts';
import { wear } from '../parts/wear.ts';
import { ownZone } from '../parts/zone.ts';
import { times } from './times.ts';

wear(css);

const onAir = 5000; // ms between two looks
const over = 60_000;
const slow = 20_000; // ms between two looks at the minutes

/** `<studio-results>`: how many watched a show, and what its products did, during it and after it, with what each number means. */
export class Results extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) of!: Schemas['StoredShow'];
  @state() private audience: Schemas['AudienceBody'] | undefined;
  @state() private clicks: Schemas['ClickCountsBody'] | undefined;
  @state() private report: Schemas['Report'] | undefined;
  @state() private trouble = '';
  @state() private minutes: Schemas['ShowMinutes'] | undefined;
  @state() private moments: Schemas['ShowMoments'] | undefined;
  @state() private former: Former | undefined;
  private places: readonly Placed[] = [];
  private compared = ''; // the show whose former show was looked for
  private shown: readonly Chapter[] = [];
  private numbers: ReadonlyMap<string, number> = new Map();
  private lined = false; // there is a line-up
  private titles: ReadonlyMap<string, string> = new Map();
  private read = ''; // the show that these are of
  private readonly poll = new Poll(this, () => (this.of?.state === 'live' ? onAir : over), () => this.look());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('of') && this.of.id !== this.read) this.poll.now();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { audience: a, clicks: c, report: r, studio: { language } } = this;
    const words = language.in(table);
    const { locale } = language;
    const number = (n: number): string => n.toLocaleString(locale);
    const fact: Fact = (name, value, why) => html`<div><dt>${name}</dt><dd><strong>${value}</strong><small class="soft">${why}</small></dd></div>`;
    if (!this.of.started || !this.may) return nothing;
    // Who clicked or bought had a player: where none told of a viewer, nobody counted.
    const measured = !!(r?.total.views || a?.peak || a?.watched || a?.viewers) || !(this.of.state === 'ended' || c?.clicks || r?.total.orders);
    const products = resultsOf(r?.products ?? [], this.titles, r?.total.money?.[0]?.currency, r?.total);
    return html`<section class="sheet results" aria-labelledby="results-head"><div class="top-line"><h2 id="results-head">${this.of.state === 'ended' ? words.resultsHead : words.resultsSoFar}</h2>
      ${r && !this.of.rehearsal ? html`<a class="button" href=${`/api/v1/shows/${r.show}/report.csv`} download>${words.csv}</a>` : nothing}</div>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${this.of.rehearsal ? html`<p class="soft">${words.rehearsalNone}</p>` : !a || !c || !r ? (this.trouble ? nothing : html`<p class="soft" role="status">${language.words.loadingPart}</p>`) : html`<dl>
          ${r.total.orders ? sold(r, words, locale, fact) : nothing}
          ${this.of.state === 'live' ? fact(words.watching, number(a.viewers), words.watchingWhy) : nothing}
          ${measured ? html`${fact(words.peak, number(a.peak), words.peakWhy)}
            ${r.total.viewers === undefined ? nothing : fact(words.viewers, number(r.total.viewers), words.viewersWhy)}
            ${fact(words.watched, lasting(a.watched, locale), words.watchedWhy)}` : fact(words.viewers, words.notMeasured, words.notMeasuredWhy)}
          ${fact(words.clicks, number(c.clicks), words.clicksWhy)}
          ${r.total.orders ? nothing : fact(words.orders, number(0), words.ordersNone)}</dl>
        ${times(r, products, this.shown, this.numbers, this.lined, this.zone, words, locale)}
        ${this.minutes ? html`<result-minutes .studio=${this.studio} .of=${this.of} .minutes=${this.minutes} .titles=${this.titles} .numbers=${this.numbers} .chapters=${this.places} .sold=${this.moments?.products ?? []} zone=${this.zone}></result-minutes>` : nothing}
        ${moments(this.of, this.moments, this.zone, words, locale)}
        ${productTable(products, r, this.lined || r.total.orders ? this.numbers : new Map(), measured, words, locale)}
        ${presenters(r.presenters, words, locale)}
        ${deals(r, this.zone, words, locale)}
        ${shares(r, words, locale)}
        ${figures(r, this.former, words, locale)}
        <p class="soft small">${words.noUnique}</p>`}</section>`;
  }

  /** Whether the minutes are to be read: of a show on air they are long, and one more comes each minute. */
  private stale(id: string): boolean {
    return this.minutes?.show !== id || Date.now() - Date.parse(this.minutes.at) > slow;
  }

  /** Finds the last show of the room before this one, with its figures. */
  private async compare(id: string): Promise<void> {
    const { studio: { client }, of } = this;
    this.compared = id;
    this.former = undefined;
    const list = await client.GET('/api/v1/shows', { params: { query: { room: of.room, limit: 100 } } });
    const before = formerOf(list.data?.items ?? [], of);
    const report = before && (await client.GET('/api/v1/shows/{show}/report', { params: { path: { show: before.id } } }));
    if (before && report?.data && this.of.id === id) this.former = { id: before.id, title: before.title, report: report.data };
  }

  /** Where the show is: its own zone, or that of the organisation, or the reader's. */
  private get zone(): string {
    const { studio } = this;
    return this.of.timezone || studio.orgs.find((o) => o.id === studio.org)?.timezone || ownZone();
  }

  private get may(): boolean {
    return this.studio.may('figures', undefined, this.of.room);
  }

  private async look(): Promise<void> {
    if (!this.of?.started || this.of.rehearsal || !this.may) return;
    const { client } = this.studio;
    const { id } = this.of;
    const path = { params: { path: { show: id } } };
    const file = (name: string) => client.GET('/c/{show}/{file}', { params: { path: { show: id, file: name } } });
    const [audience, clicks, report, shown, chapters, lineup, minutes, sold] = await Promise.all([client.GET('/api/v1/shows/{show}/audience', path), client.GET('/api/v1/shows/{show}/clicks/count', path), client.GET('/api/v1/shows/{show}/report', path),
      file('products.json'), file('chapters.json'), client.GET('/api/v1/shows/{show}/lineup', path), this.stale(id) ? client.GET('/api/v1/shows/{show}/minutes', path) : undefined, this.stale(id) ? client.GET('/api/v1/shows/{show}/moments', path) : undefined]);
    if (id !== this.of.id) return;
    this.read = id;
    this.trouble = this.studio.wrong(audience) || this.studio.wrong(clicks) || this.studio.wrong(report);
    if (!audience.data || !clicks.data || !report.data) return;
    const first = parseShown(shown.data);
    const lines = (lineup.data?.items ?? []).map((l) => l.product);
    this.titles = new Map(first.map(({ product: p }) => [p.id, String(p.title ?? p.sku ?? p.id)]));
    this.shown = shownAt(chaptersOf(chapters.data), first.map((f) => ({ at: f.date / 1000, product: f.product.id })));
    this.numbers = numbersOf(lines, first.map((f) => f.product.id));
    this.lined = lines.length > 0;
    this.places = placesOf(chapters.data);
    if (minutes?.data) this.minutes = minutes.data;
    if (sold?.data) this.moments = sold.data;
    if (report.data.total.orders) void import('./chart.ts').catch(() => undefined); // without it the numbers stand alone
    [this.audience, this.clicks, this.report] = [audience.data, clicks.data, report.data];
    if (this.compared !== id) void this.compare(id);
  }
}

customElements.define('studio-results', Results);
