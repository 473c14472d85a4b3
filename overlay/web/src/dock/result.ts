import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import table from '../generated/strings/dock-result.ts';
import { inLanguage } from '../shared/language.ts';
import { money } from '../shared/money.ts';
import { home } from '../shared/server.ts';
import { clock } from '../shared/times.ts';
import type { Schemas } from '../shared/api.ts';
import { patience, type Desk } from './desk.ts';
import type { Language } from './words.ts';

const again = 60_000; // ms: orders come in after a show, too

/** What a show brought, once it has ended: the numbers that its host asks for first. */
export class Result {
  private show = '';
  private askedAt = 0;
  private report: Schemas['Report'] | undefined;
  private peak: number | undefined;

  constructor(private readonly host: ReactiveControllerHost, private readonly desk: Desk) {}

  /** Reads the numbers of the show that has ended, and again from time to time. */
  look(): void {
    const { desk } = this;
    const show = desk.phase === 'ended' && desk.state === 'sync' ? desk.former : '';
    if (show && show !== this.show) Object.assign(this, { show, askedAt: 0, report: undefined, peak: undefined });
    if (!show || document.hidden || (this.askedAt && Date.now() - this.askedAt < again)) return;
    this.askedAt = Date.now();
    void this.ask(show);
  }

  private async ask(show: string): Promise<void> {
    const client = this.desk.client();
    const asked = { params: { path: { show } }, signal: AbortSignal.timeout(patience) };
    const [report, audience] = await Promise.all([client.GET('/api/v1/shows/{show}/report', asked), client.GET('/api/v1/shows/{show}/audience', asked)].map((a) => a.catch(() => undefined))) as [
      { data?: Schemas['Report'] } | undefined, { data?: Schemas['AudienceBody'] } | undefined];
    if (show !== this.show) return;
    this.report = report?.data ?? this.report;
    this.peak = audience?.data?.peak ?? this.peak;
    this.host.requestUpdate();
  }

  /** The numbers, and where there is more of them. What is not known is left out. */
  panel({ locale }: Language): TemplateResult | typeof nothing {
    const words = inLanguage(table, locale);
    const { desk, report } = this;
    if (desk.phase !== 'ended' || !desk.former) return nothing;
    const number = (n: number): string => new Intl.NumberFormat(locale).format(n);
    const length = report?.started && report.ended ? Date.parse(report.ended) - Date.parse(report.started) : NaN;
    const facts: [string, string][] = !report || report.show !== desk.former ? [] : [
      ...(length > 0 ? [[words.resultLength, clock(length)] as [string, string]] : []),
      ...(report.rehearsal ? [] : [
        ...(typeof report.live.viewers === 'number' ? [[words.resultViewers, number(report.live.viewers)]] : []),
        ...(this.peak === undefined ? [] : [[words.resultPeak, number(this.peak)]]),
        ...(typeof report.total.clicks === 'number' ? [[words.resultClicks, number(report.total.clicks)]] : []),
        [words.resultOrders, number(report.total.orders)],
        ...(report.total.money ?? []).map((m) => [words.resultGross, money(m.gross, m.currency, locale)]),
      ] as [string, string][]),
    ];
    return html`<section class="result" aria-label=${words.resultHead}>
      ${facts.length ? html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd dir="auto">${value}</dd></div>`)}</dl>` : nothing}
      <p class="acts"><a class="button" href="${home}/studio#/shows/${encodeURIComponent(desk.former)}" target="_blank" rel="noopener">${words.dockResults}</a>
        <a class="button" href="${home}/watch/${encodeURIComponent(desk.room)}?show=${encodeURIComponent(desk.former)}" target="_blank" rel="noopener">${words.dockReplay}</a></p>
    </section>`;
  }
}
