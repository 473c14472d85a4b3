import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-commission.ts';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import { isOn, type Show } from '../shows/words.ts';

/** `<show-host>`: which host gets a share of what a show sells. It is there where hosts with a share are. */
export class ShowHost extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) of!: Show;
  @state() private hosts: readonly Schemas['Presenter'][] = [];
  @state() private host = '';
  @state() private roster: readonly string[] = [];
  @state() private trouble = '';
  private read = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(_: PropertyValues): void {
    if (this.read === this.of.id) return;
    this.read = this.of.id;
    void this.look();
  }

  protected override render(): TemplateResult | typeof nothing {
    const words = this.studio.language.in(table);
    if (!this.hosts.length) return nothing;
    return html`<section class="sheet stack"><label class="field"><span>${words.hostOfShow}</span><select name="host" @change=${(e: Event) => void this.set((e.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${!this.host}>${words.nobody}</option>${this.hosts.map((h) => html`<option value=${h.id} ?selected=${h.id === this.host}>${h.name}</option>`)}</select>
        <small>${isOn(this.of) ? words.hostOnAir : this.of.state === 'ended' ? words.hostWhole : this.host ? words.hostPlanned : ''}</small></label>
      ${this.hosts.length < 2 ? nothing : html`<fieldset class="turns"><legend>${words.hostsTurns}</legend>${this.hosts.map((h) => html`<label class="check"><input type="checkbox" name="roster" value=${h.id} .checked=${this.roster.includes(h.id)} @change=${(e: Event) => void this.list(h.id, (e.target as HTMLInputElement).checked)} /> ${h.name}</label>`)}
        <small>${words.hostsTurnsWhy}</small></fieldset>`}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}</section>`;
  }

  private async look(): Promise<void> {
    const { client, org } = this.studio;
    const path = { params: { path: { show: this.of.id } } };
    const [hosts, host, roster] = await Promise.all([client.GET('/api/v1/hosts', { params: { query: { org, limit: 100 } } }), client.GET('/api/v1/shows/{show}/host', path), client.GET('/api/v1/shows/{show}/hosts', path)]);
    if (!hosts.data || !host.data) return; // the show is of an organisation that one does not own
    [this.hosts, this.host, this.roster] = [hosts.data.items ?? [], host.data.host ?? '', (roster.data?.hosts ?? []).map((h) => h.id)];
  }

  /** Puts a host on the roster, behind the others, or takes one off it. */
  private async list(host: string, on: boolean): Promise<void> {
    const hosts = [...this.roster.filter((h) => h !== host), ...(on ? [host] : [])];
    const answer = await this.studio.client.PUT('/api/v1/shows/{show}/hosts', { params: { path: { show: this.of.id } }, body: { hosts } });
    this.trouble = this.studio.wrong(answer);
    if (answer.data) this.roster = (answer.data.hosts ?? []).map((h) => h.id);
    this.requestUpdate();
  }

  private async set(host: string, undo = false): Promise<void> {
    const words = this.studio.language.in(table);
    const answer = await this.studio.client.PUT('/api/v1/shows/{show}/host', { params: { path: { show: this.of.id } }, body: { host: host || null, sold: !isOn(this.of) } });
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return;
    const before = this.host;
    this.host = host;
    if (host && !this.roster.includes(host)) this.roster = [...this.roster, host];
    const name = this.hosts.find((h) => h.id === host)?.name;
    this.studio.tell(name ? say(words.hostSet, { name }) : words.hostNone, undo ? undefined : () => this.set(before, true));
  }
}

customElements.define('show-host', ShowHost);
