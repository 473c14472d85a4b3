import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import commission from '../../generated/strings/studio-commission.ts';
import table from '../../generated/strings/studio-reports.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { wear } from '../parts/wear.ts';
import { ownZone, zoneCalled } from '../parts/zone.ts';
import { sums } from '../results/report.ts';
import { hashOf } from '../route.ts';
import { days } from './days.ts';
import { facts, rates } from './facts.ts';
import '../commission/hosts.ts';
import css from './reports.css?text';
import { rows } from './rows.ts';
import { daysIn, nameOf, named, spanBefore, spanIn, spanOf, type Named, type Span } from './span.ts';

wear(css);

const kinds = ['show', 'host', 'org', 'product'] as const;
type By = (typeof kinds)[number];

/** `<studio-reports>`: what the shows of some days brought; `reports/host/2026-11-01/2026-11-30` is by host, of these days. */
export class Reports extends Section {
  @state() private summary: Schemas['Summary'] | undefined;
  @state() private earlier: Schemas['Summary'] | undefined; // as many days before
  @state() private trouble = '';
  @state() private own = false; // somebody chooses days that have no name
  private rooms: ReadonlyMap<string, string> = new Map();
  private asked = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void import('../results/chart.ts').catch(() => undefined); // without it the numbers stand alone
    void this.readRooms();
  }

  protected override updated(): void {
    const asked = this.query;
    if (!this.paying && asked !== this.asked) void this.look(asked);
  }

  /** What hosts get is the owners' affair. */
  private get paying(): boolean {
    return this.rest[0] === 'commission' && this.studio.may('own');
  }

  private get by(): By {
    return kinds.find((k) => k === this.rest[0]) ?? 'show';
  }

  /** The organisation's days, or those of who reads it. */
  private get zone(): string {
    return this.studio.orgs.find((o) => o.id === this.studio.org)?.timezone || ownZone();
  }

  private get span(): Span {
    return (this.paying ? undefined : spanIn(this.rest[1], this.rest[2])) ?? spanOf('30', this.zone);
  }

  private get query(): string {
    return new URLSearchParams({ by: this.by, ...this.span, timezone: this.zone, org: this.studio.org }).toString();
  }

  protected override render(): TemplateResult {
    const { studio, summary: s, by } = this;
    const { language } = studio;
    const words = language.in(table);
    const why = { show: '', host: words.hostWhy, org: words.orgWhy, product: words.productWhy }[by];
    if (this.paying) {
      return html`<div class="head"><h1>${words.reportsHead}</h1></div>${this.tabs(words)}
        <report-hosts .studio=${studio} .host=${this.rest[1] ?? ''} .month=${this.rest[2] ?? ''}></report-hosts>`;
    }
    return html`<div class="head"><h1>${words.reportsHead}</h1>${s?.total.shows ? html`<a class="button csv" download href=${`/api/v1/reports.csv?${this.query}`}>${words.csv}</a>` : nothing}<p>${words.reportsWhy}</p></div>
      ${this.choice(words)}
      ${this.trouble ? html`<div class="acts"><p class="trouble" role="alert">${this.trouble}</p><button type="button" @click=${() => void this.look(this.query)}>${language.words.tryOnceMore}</button></div>` : nothing}
      ${!s ? (this.trouble ? nothing : html`<p class="soft" role="status">${language.words.loadingPart}</p>`)
        : !s.total.shows ? html`${this.tabs(words)}${this.none(words)}${this.noShow(s, words)}`
        : html`${this.tabs(words)}${facts(s, this.earlier, daysIn(this.span), words, language.locale)}${days(s, words, language.locale)}
          ${why ? html`<p class="soft">${why}</p>` : nothing}
          ${rows(s, studio, this.rooms, this.zone, words)}${this.noShow(s, words)}${rates(s, words, language)}`}`;
  }

  private tabs(words: (typeof table)['en']): TemplateResult {
    const { studio, paying } = this;
    const names = { show: words.byShow, host: words.byHost, org: words.byOrg, product: words.byProduct };
    const tab = (route: string, on: boolean, text: string): TemplateResult => html`<a class="button" href=${hashOf(route)} aria-current=${on ? 'page' : nothing}>${text}</a>`;
    return html`<nav class="tabs" aria-label=${words.tabsLabel}>${kinds.map((k) => tab(this.route(k, this.span), !paying && k === this.by, names[k]))}
      ${studio.may('own') ? tab('reports/commission', paying, studio.language.in(commission).commission) : nothing}</nav>`;
  }

  private route(by: By, { from, to }: Span): string {
    return `reports/${by}/${from}/${to}`;
  }

  private choice(words: (typeof table)['en']): TemplateResult {
    const { span, zone } = this;
    const { locale } = this.studio.language;
    const name = this.own ? undefined : nameOf(span, zone);
    const texts: Record<Named, string> = { 7: words.span7, 30: words.span30, month: words.spanMonth, before: words.spanBefore, year: words.spanYear };
    const chosen = (e: Event): void => {
      const value = (e.target as HTMLSelectElement).value as Named | '';
      this.own = !value;
      if (value) this.studio.go(this.route(this.by, spanOf(value, zone)));
    };
    const day = (which: keyof Span) => (e: Event): void => {
      const next = { ...span, [which]: (e.target as HTMLInputElement).value };
      if (spanIn(next.from, next.to)) this.studio.go(this.route(this.by, next));
    };
    const field = (which: keyof Span, label: string): TemplateResult => html`<label class="field"><span>${label}</span><input type="date" name=${which} required .value=${live(span[which])} @change=${day(which)} /></label>`;
    return html`<div class="span"><label class="field"><span>${words.spanLabel}</span><select name="span" @change=${chosen}>
        ${named.map((n) => html`<option value=${n} ?selected=${n === name}>${texts[n]}</option>`)}<option value="" ?selected=${!name}>${words.spanOwn}</option></select></label>
      ${field('from', words.fromLabel)}${field('to', words.toLabel)}
      <p class="soft small">${say(words.zoneWhy, { zone: zoneCalled(zone, locale) })}</p></div>`;
  }

  /** Orders that no row has. */
  private noShow(s: Schemas['Summary'], words: (typeof table)['en']): TemplateResult | typeof nothing {
    const { locale } = this.studio.language;
    if (!s.no_show.orders) return nothing;
    return html`<p class="soft aside">${say(words.noShow, { n: s.no_show.orders.toLocaleString(locale), money: sums(s.no_show.money, 'gross', locale) })} <a href=${hashOf('orders/unmatched')}>${words.noShowNext}</a></p>`;
  }

  private none(words: (typeof table)['en']): TemplateResult {
    const year = spanOf('year', this.zone);
    const all = nameOf(this.span, this.zone) === 'year';
    return empty(icons.reports, words.emptyHead, words.emptyWhy, all ? html`<a class="button" href=${hashOf('shows')}>${this.studio.language.words.navShows}</a>` : html`<a class="button" href=${hashOf(this.route(this.by, year))}>${words.emptyYear}</a>`);
  }

  private async look(asked: string): Promise<void> {
    this.asked = asked;
    const { span } = this;
    const read = (by: By, of: Span) => this.studio.client.GET('/api/v1/reports', { params: { query: { by, ...of, timezone: this.zone, org: this.studio.org } } });
    const [answer, before] = await Promise.all([read(this.by, span), read('host', spanBefore(span))]);
    if (asked !== this.asked) return; // somebody has asked for other days meanwhile
    this.trouble = this.studio.wrong(answer);
    this.earlier = before.data; // without it there is no comparison
    if (answer.data) this.summary = answer.data;
  }

  private async readRooms(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/rooms', { params: { query: { org: this.studio.org, limit: 100 } } });
    this.rooms = new Map((answer.data?.items ?? []).map((r) => [r.slug, r.title || r.slug]));
    this.requestUpdate();
  }
}

customElements.define('studio-reports', Reports);
