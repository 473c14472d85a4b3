import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-results.ts';
import { parseShown } from '../../shared/shown.ts';
import type { Schemas, Studio } from '../context.ts';
import { Poll } from '../parts/poll.ts';
import { shares, sold } from './report.ts';
import { resultsOf, type Result } from './result.ts';
import css from './results.css?text';
import { lasting } from '../parts/size.ts';
import { wear } from '../parts/wear.ts';

wear(css);

const onAir = 5000; // ms between two looks
const over = 60_000;

/** `<studio-results>`: how many watched a show, and what its products did, during it and after it, with what each number means. */
export class Results extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) of!: Schemas['StoredShow'];
  @state() private audience: Schemas['AudienceBody'] | undefined;
  @state() private clicks: Schemas['ClickCountsBody'] | undefined;
  @state() private report: Schemas['Report'] | undefined;
  @state() private trouble = '';
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
    const fact = (name: string, value: string, why: string): TemplateResult => html`<div><dt>${name}</dt><dd><strong>${value}</strong><small class="soft">${why}</small></dd></div>`;
    if (!this.of.started || !this.may) return nothing;
    return html`<section class="sheet results" aria-labelledby="results-head"><h2 id="results-head">${this.of.state === 'ended' ? words.resultsHead : words.resultsSoFar}</h2>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${this.of.rehearsal ? html`<p class="soft">${words.rehearsalNone}</p>` : !a || !c ? (this.trouble ? nothing : html`<p class="soft" role="status">${language.words.loadingPart}</p>`) : html`<dl>
          ${this.of.state === 'live' ? fact(words.watching, number(a.viewers), words.watchingWhy) : nothing}
          ${fact(words.peak, number(a.peak), words.peakWhy)}
          ${fact(words.watched, lasting(a.watched, locale), words.watchedWhy)}
          ${fact(words.clicks, number(c.clicks), words.clicksWhy)}
          ${r ? sold(r, words, locale, fact) : nothing}</dl>
        ${this.products(resultsOf(a.impressions ?? [], c.items ?? [], this.titles), words, number)}
        ${r ? shares(r, words, locale) : nothing}
        <p class="soft small">${words.noUnique}</p>`}</section>`;
  }

  private products(all: readonly Result[], words: (typeof table)['en'], number: (n: number) => string): TemplateResult {
    if (!all.length) return html`<p class="soft">${words.noProducts}</p>`;
    return html`<table class="rows"><thead><tr><th scope="col">${words.product}</th><th scope="col">${words.seen}</th><th scope="col">${words.productClicks}</th></tr></thead>
      <tbody>${all.map((r) => html`<tr data-product=${r.product}><td>${r.title}</td><td data-label=${words.seen}>${number(r.seen)}</td><td data-label=${words.productClicks}>${number(r.clicks)}</td></tr>`)}</tbody></table>
      <p class="soft small">${words.seenWhy}</p>`;
  }

  private get may(): boolean {
    return this.studio.may('figures', undefined, this.of.room);
  }

  private async look(): Promise<void> {
    if (!this.of?.started || this.of.rehearsal || !this.may) return;
    const { client } = this.studio;
    const { id } = this.of;
    const path = { params: { path: { show: id } } };
    const [audience, clicks, report, shown] = await Promise.all([client.GET('/api/v1/shows/{show}/audience', path), client.GET('/api/v1/shows/{show}/clicks/count', path), client.GET('/api/v1/shows/{show}/report', path),
      client.GET('/c/{show}/{file}', { params: { path: { show: id, file: 'products.json' } } })]);
    if (id !== this.of.id) return;
    this.read = id;
    this.trouble = this.studio.wrong(audience) || this.studio.wrong(clicks) || this.studio.wrong(report);
    if (!audience.data || !clicks.data) return;
    this.titles = new Map(parseShown(shown.data).map(({ product: p }) => [p.id, String(p.title ?? p.sku ?? p.id)]));
    [this.audience, this.clicks, this.report] = [audience.data, clicks.data, report.data];
  }
}

customElements.define('studio-results', Results);
