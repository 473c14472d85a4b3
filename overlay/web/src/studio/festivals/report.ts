import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import reports from '../../generated/strings/studio-reports.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { Section } from '../parts/light.ts';
import { wear } from '../parts/wear.ts';
import { ownZone } from '../parts/zone.ts';
import { facts, rates } from '../reports/facts.ts';
import css from '../reports/reports.css?text';
import { rows } from '../reports/rows.ts';
import { hashOf } from '../route.ts';
import { wordsOf, type Festival } from './words.ts';

wear(css);

const kinds = ['room', 'region', 'host', 'org', 'show', 'product'] as const;
type By = (typeof kinds)[number];

/** `<festival-report>`: what the shows of a festival brought, by room, region, host, seller, show or product. */
export class FestivalReport extends Section {
  @property({ attribute: false }) festival!: Festival;
  @property() by = 'room';
  @state() private report: Schemas['Summary'] | undefined;
  @state() private trouble = '';

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('by') || changed.has('festival')) void this.look();
  }

  private get kind(): By {
    return kinds.find((k) => k === this.by) ?? 'room';
  }

  protected override render(): TemplateResult {
    const { studio, report: s, festival: f, kind } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const names = language.in(reports);
    const heads: Record<By, string> = { room: names.byRoom, region: names.byRegion, host: names.byHost, org: names.byOrg, show: names.byShow, product: names.byProduct };
    return html`<nav class="tabs" aria-label=${words.reportLabel}>${kinds.map((k) => html`<a class="button" href=${hashOf(`festivals/${f.slug}/report/${k}`)} aria-current=${k === kind ? 'page' : nothing}>${say(words.reportBy, { what: heads[k] })}</a>`)}
        ${s?.total.shows ? html`<a class="button csv" download href=${`api/v1/festivals/${encodeURIComponent(f.slug)}/report.csv?by=${kind}`}>${words.csv}</a>` : nothing}</nav>
      <p class="soft">${words.reportWhy}</p>
      ${this.trouble ? html`<div class="acts"><p class="trouble" role="alert">${this.trouble}</p><button type="button" @click=${() => void this.look()}>${language.words.tryOnceMore}</button></div>` : nothing}
      ${!s ? (this.trouble ? nothing : html`<p class="soft" role="status">${language.words.loadingPart}</p>`)
        : !s.total.shows ? html`<p class="soft">${words.reportNone}</p>`
        : html`${facts(s, undefined, 0, names, language.locale)}${rows(s, studio, new Map(), f.timezone || ownZone(), names)}${rates(s, names, language)}`}`;
  }

  private async look(): Promise<void> {
    const by = this.kind;
    const answer = await this.studio.client.GET('/api/v1/festivals/{festival}/report', { params: { path: { festival: this.festival.slug }, query: { by } } });
    if (by !== this.kind) return;
    this.trouble = this.studio.wrong(answer);
    this.report = answer.data ?? (this.report?.by === by ? this.report : undefined);
  }
}

customElements.define('festival-report', FestivalReport);
