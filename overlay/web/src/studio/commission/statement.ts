import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import table from '../../generated/strings/studio-commission.ts';
import { say } from '../../shared/language.ts';
import { money } from '../../shared/money.ts';
import type { Schemas, Studio } from '../context.ts';
import { clockIn, ownZone, zoneCalled } from '../parts/zone.ts';
import { hashOf } from '../route.ts';
import { shareOf } from './hosts.ts';

/** `<report-statement>`: what a host gets for a month, line by line: on the page, printed, and as a table for spreadsheets. */
export class ReportStatement extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) host!: Schemas['Presenter'];
  @property() month = '';
  @state() private statement: Schemas['Statement'] | undefined;
  @state() private trouble = '';
  private asked = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(_: PropertyValues): void {
    const asked = `${this.host.id} ${this.chosen}`;
    if (asked !== this.asked) void this.look(asked);
  }

  private get zone(): string {
    return this.studio.orgs.find((o) => o.id === this.host.org)?.timezone || ownZone();
  }

  private get chosen(): string {
    return /^\d{4}-\d\d$/.test(this.month) ? this.month : clockIn(new Date(), this.zone).date.slice(0, 7);
  }

  protected override render(): TemplateResult {
    const { studio: { language }, statement: s, host } = this;
    const { locale } = language;
    const words = language.in(table);
    const sum = (n: number, currency: string): string => money(n, currency, locale);
    const called = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${this.chosen}-01T00:00:00Z`));
    const query = new URLSearchParams({ month: this.chosen, timezone: this.zone }).toString();
    const pick = (e: Event): void => {
      const { value } = e.target as HTMLInputElement;
      if (/^\d{4}-\d\d$/.test(value)) this.studio.go(`reports/commission/${host.id}/${value}`);
    };
    return html`<p class="back"><a href=${hashOf('reports/commission')}>${words.back}</a></p>
      <h2 class="of">${say(words.statementOf, { name: host.name })} · ${called}</h2>
      <div class="span"><label class="field"><span>${words.month}</span><input type="month" name="month" required .value=${live(this.chosen)} @change=${pick} /></label>
        <div class="acts"><a class="button" download href=${`/api/v1/hosts/${host.id}/statement.csv?${query}`}>${words.csv}</a><button type="button" class="print" @click=${() => print()}>${words.print}</button></div></div>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${!s ? (this.trouble ? nothing : html`<p class="soft" role="status">${language.words.loadingPart}</p>`)
        : !s.count ? html`<p class="sheet">${words.emptyMonth}</p>`
        : html`<dl class="sheet facts">${(s.sums ?? []).map((x) => html`<div><dt>${words.commission}</dt><dd><strong>${sum(x.commission, x.currency)}</strong><small class="soft">${say(words.sumWhy, { net: sum(x.net, x.currency), n: x.orders.toLocaleString(locale) })}</small></dd></div>`)}</dl>
          <div class="sheet table"><table class="rows"><thead><tr><th scope="col">${words.day}</th><th scope="col">${words.order}</th><th scope="col">${words.show}</th><th scope="col" class="number">${words.net}</th><th scope="col" class="number">${words.rate}</th><th scope="col" class="number">${words.commission}</th></tr></thead>
            <tbody>${(s.lines ?? []).map((l) => this.line(l))}</tbody></table></div>
          ${s.count > (s.lines?.length ?? 0) ? html`<p class="soft">${say(words.more, { n: (s.count - (s.lines?.length ?? 0)).toLocaleString(locale) })}</p>` : nothing}`}
      <p class="soft small">${say(words.rule, { zone: zoneCalled(this.zone, locale) })}</p>`;
  }

  private line(l: Schemas['Booking']): TemplateResult {
    const { locale } = this.studio.language;
    const words = this.studio.language.in(table);
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: this.zone }).format(new Date(l.at));
    return html`<tr><td>${day}${l.net < 0 ? html`<br /><span class="soft small">${words.goneBack}</span>` : nothing}</td>
      <td data-label=${words.order}><a href=${hashOf(`orders/${l.order}`)}><bdi>${l.name || l.order}</bdi></a></td><td data-label=${words.show}>${l.title || '–'}</td>
      <td class="number" data-label=${words.net}>${money(l.net, l.currency, locale)}</td><td class="number" data-label=${words.rate}>${shareOf(l.commission_bp, locale)}</td><td class="number" data-label=${words.commission}><strong>${money(l.commission, l.currency, locale)}</strong></td></tr>`;
  }

  private async look(asked: string): Promise<void> {
    this.asked = asked;
    const answer = await this.studio.client.GET('/api/v1/hosts/{host}/statement', { params: { path: { host: this.host.id }, query: { month: this.chosen, timezone: this.zone } } });
    if (asked !== this.asked) return; // another month was chosen meanwhile
    this.trouble = this.studio.wrong(answer);
    this.statement = answer.data;
  }
}

customElements.define('report-statement', ReportStatement);
