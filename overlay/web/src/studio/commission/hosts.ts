import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LitElement } from 'lit';
import table from '../../generated/strings/studio-commission.ts';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import '../parts/ask.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { newKey } from '../parts/once.ts';
import { hashOf } from '../route.ts';
import './statement.ts';

type Host = Schemas['Presenter'];

/** "12.5" → 1250; undefined: it is no share. */
export function shareIn(text: string): number | undefined {
  const n = /^\d{1,3}(?:[.,]\d{1,2})?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(',', '.')) * 100) : NaN;
  return n >= 0 && n <= 10_000 ? n : undefined;
}

/** 1250 → "12.5%". */
export const shareOf = (points: number, locale: string): string => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(points / 10_000);

/** `<report-hosts>`: those who get a share of what their shows sell; with a host and a month, the statement of it. */
export class ReportHosts extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property() host = '';
  @property() month = '';
  @state() private hosts: readonly Host[] | undefined;
  @state() private trouble = '';
  @state() private wrong: { readonly id: string; readonly why: string } | undefined; // of one row; "": of the form
  private key = newKey();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.read();
  }

  protected override render(): TemplateResult {
    const { studio, hosts } = this;
    const words = studio.language.in(table);
    if (this.trouble) return html`<div class="acts"><p class="trouble" role="alert">${this.trouble}</p><button type="button" @click=${() => void this.read()}>${studio.language.words.tryOnceMore}</button></div>`;
    if (!hosts) return html`<p class="soft" role="status">${studio.language.words.loadingPart}</p>`;
    const one = hosts.find((h) => h.id === this.host);
    if (one) return html`<report-statement .studio=${studio} .host=${one} .month=${this.month}></report-statement>`;
    return html`<p class="soft">${words.why}</p>
      ${hosts.length ? html`<div class="sheet table"><table class="rows"><thead><tr><th scope="col">${words.name}</th><th scope="col">${words.share}</th><td></td></tr></thead><tbody>${hosts.map((h) => this.row(h))}</tbody></table></div>` : empty(icons.people, words.noneHead, words.noneWhy)}
      <form class="sheet" @submit=${(e: Event) => void this.add(e)}><h2>${words.addHead}</h2>
        <div class="fields"><label class="field"><span>${words.name}</span><input name="name" required maxlength="150" autocomplete="off" /></label>
          <label class="field"><span>${words.share}</span><input name="share" required inputmode="decimal" autocomplete="off" maxlength="6" placeholder="12.5" /></label></div>
        ${this.problem('')}<div class="acts"><button type="submit" class="loud">${words.add}</button></div></form>`;
  }

  private row(h: Host): TemplateResult {
    const { studio } = this;
    const words = studio.language.in(table);
    return html`<tr data-host=${h.id}><td><strong>${h.name}</strong></td>
      <td data-label=${words.share}><form class="with-button edit" @submit=${(e: Event) => void this.change(e, h)}><input name="share" required inputmode="decimal" maxlength="6" autocomplete="off" aria-label=${say(words.shareOf, { name: h.name })} .value=${String(h.commission_bp / 100)} /><button type="submit">${words.saveShare}</button></form>${this.problem(h.id)}</td>
      <td class="end"><div class="acts"><a class="button" href=${hashOf(`reports/commission/${h.id}`)}>${words.statement}<span class="sr">: ${h.name}</span></a>
        <studio-ask .words=${studio.language.words} .label=${words.remove} .what=${h.name} .question=${say(words.removeAsk, { name: h.name })} .yes=${words.removeYes} .act=${() => this.drop(h)}></studio-ask></div></td></tr>`;
  }

  private problem(id: string): TemplateResult | typeof nothing {
    return this.wrong?.id === id ? html`<p class="trouble" role="alert">${this.wrong.why}</p>` : nothing;
  }

  private async read(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/hosts', { params: { query: { org: this.studio.org, limit: 100 } } });
    this.trouble = this.studio.wrong(answer);
    if (answer.data) this.hosts = answer.data.items ?? [];
  }

  /** The share that a form has; undefined: it says what is wrong. */
  private shareFrom(form: HTMLFormElement, id: string): number | undefined {
    const share = shareIn(String(new FormData(form).get('share')));
    const words = this.studio.language.in(table);
    this.wrong = share === undefined ? { id, why: words.badShare } : undefined;
    return share;
  }

  private async add(e: Event): Promise<void> {
    e.preventDefault();
    const form = e.target as HTMLFormElement;
    const share = this.shareFrom(form, '');
    if (share === undefined) return;
    const name = String(new FormData(form).get('name'));
    const answer = await this.studio.client.POST('/api/v1/hosts', { body: { org: this.studio.org, name, commission_bp: share }, params: { header: { 'Idempotency-Key': this.key } } });
    const why = this.studio.wrong(answer);
    this.wrong = why ? { id: '', why } : undefined;
    if (!answer.data) return;
    this.key = newKey();
    form.reset();
    const words = this.studio.language.in(table);
    this.studio.tell(say(words.added, { name }));
    await this.read();
  }

  private async change(e: Event, h: Host): Promise<void> {
    e.preventDefault();
    const share = this.shareFrom(e.target as HTMLFormElement, h.id);
    if (share === undefined) return;
    const answer = await this.studio.client.PATCH('/api/v1/hosts/{host}', { params: { path: { host: h.id } }, body: { commission_bp: share } });
    const why = this.studio.wrong(answer);
    this.wrong = why ? { id: h.id, why } : undefined;
    if (!answer.data) return;
    const words = this.studio.language.in(table);
    this.studio.tell(say(words.saved, { name: h.name, share: shareOf(share, this.studio.language.locale) }));
    await this.read();
  }

  private async drop(h: Host): Promise<string> {
    const why = this.studio.wrong(await this.studio.client.DELETE('/api/v1/hosts/{host}', { params: { path: { host: h.id } } }));
    if (!why) await this.read();
    return why;
  }
}

customElements.define('report-hosts', ReportHosts);
