import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-shows.ts';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import { Poll } from '../parts/poll.ts';
import { sums } from './report.ts';

const every = 15_000; // ms between two looks: there is one of these for each room on air

/** `<studio-so-far>`: what a show on air has sold so far, in a line. */
export class SoFar extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) show = '';
  @state() private sales: Schemas['ShowSales'] | undefined;
  protected readonly poll = new Poll(this, () => every, () => this.look());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { sales: s, studio: { language } } = this;
    if (!s) return nothing;
    const words = language.in(table);
    return html`${s.money?.length ? html`<b title=${words.netOf}>${sums(s.money, 'net', language.locale)}</b> · ` : nothing}${say(s.orders === 1 ? words.oneOrder : words.someOrders, { n: s.orders.toLocaleString(language.locale) })}`;
  }

  private async look(): Promise<void> {
    const { show } = this;
    const { data } = await this.studio.client.GET('/api/v1/shows/{show}/sales', { params: { path: { show } } });
    if (data && show === this.show) this.sales = data;
  }
}

customElements.define('studio-so-far', SoFar);
