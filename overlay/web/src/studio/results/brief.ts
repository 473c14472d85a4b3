import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-results.ts';
import type { Schemas, Studio } from '../context.ts';
import { Poll } from '../parts/poll.ts';
import { sums } from './report.ts';

const every = 5000; // ms between two looks

/** `<studio-brief>`: the few numbers of a show on air that somebody looks at while it runs. The others stand in its results. */
export class Brief extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) of!: Pick<Schemas['StoredShow'], 'id' | 'rehearsal'>;
  @state() private audience: Schemas['AudienceBody'] | undefined;
  @state() private sales: Schemas['ShowSales'] | undefined;
  @state() private trouble = '';
  protected readonly poll = new Poll(this, () => every, () => this.look());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { audience: a, sales: s, studio: { language } } = this;
    const words = language.in(table);
    const number = (n: number): string => n.toLocaleString(language.locale);
    const fact = (name: string, value: string): TemplateResult => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
    return html`<section class="sheet" aria-labelledby="brief-head"><h2 id="brief-head">${words.briefHead}</h2>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${this.of.rehearsal ? html`<p class="soft">${words.rehearsalNone}</p>` : a && s ? html`<dl>${fact(words.watching, number(a.viewers))}${fact(words.orders, number(s.orders))}
        ${s.money?.length ? fact(words.net, sums(s.money, 'net', language.locale)) : nothing}${fact(words.clicks, number(s.clicks))}</dl>` : this.trouble ? nothing : html`<p class="soft" role="status">${language.words.loadingPart}</p>`}</section>`;
  }

  private async look(): Promise<void> {
    if (!this.of || this.of.rehearsal) return;
    const { id } = this.of;
    const path = { params: { path: { show: id } } };
    const [audience, sales] = await Promise.all([this.studio.client.GET('/api/v1/shows/{show}/audience', path), this.studio.client.GET('/api/v1/shows/{show}/sales', path)]);
    if (id !== this.of.id) return;
    this.trouble = this.studio.wrong(audience) || this.studio.wrong(sales);
    if (audience.data) this.audience = audience.data;
    if (sales.data) this.sales = sales.data;
  }
}

customElements.define('studio-brief', Brief);
