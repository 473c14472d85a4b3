import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import phrases from '../../generated/strings/dock-hosts.ts';
import type { Schemas } from '../../shared/api.ts';
import { inLanguage, say } from '../../shared/language.ts';
import { Asking } from '../asking.ts';
import { patience } from '../desk.ts';
import css from './panel.css?text';

const undoable = 5000; // ms

/** `<mediad-hosts>`: who presents, and the show is handed over with one tap. It is there where a show has hosts. */
export class Hosts extends Asking {
  @state() private roster: Schemas['Roster'] | undefined;
  @state() private undo = ''; // the host to whom the show was just handed over
  private of = ''; // the show of the roster
  protected override readonly every = 5000; // another dock may hand over, too
  private over: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.over);
  }

  protected override updated(): void {
    if (this.desk.show && this.desk.show !== this.of && !this.locked) void this.read();
  }

  protected async read(): Promise<void> {
    const { show } = this.desk;
    if (!show || this.locked) return;
    if (show !== this.of) [this.of, this.roster, this.undo] = [show, undefined, ''];
    try {
      const { data } = await this.desk.client().GET('/api/v1/shows/{show}/hosts', { params: { path: { show } }, signal: AbortSignal.timeout(patience) });
      if (data && show === this.desk.show) this.roster = data;
    } catch {
      // what stands there stays
    }
  }

  private async turn(host: string): Promise<void> {
    clearTimeout(this.over);
    const done = await this.ask(() => this.desk.client().POST('/api/v1/shows/{show}/hosts/{host}/present', { params: { path: { show: this.desk.show, host } }, signal: AbortSignal.timeout(patience) }));
    this.undo = done ? host : '';
    this.over = setTimeout(() => (this.undo = ''), undoable);
  }

  private async back(): Promise<void> {
    const host = this.undo;
    this.undo = '';
    await this.ask(() => this.desk.client().DELETE('/api/v1/shows/{show}/hosts/{host}/present', { params: { path: { show: this.desk.show, host } }, signal: AbortSignal.timeout(patience) }));
    this.focusOn('[aria-pressed=true]');
  }

  protected override render(): TemplateResult | typeof nothing {
    const { desk, roster, language: { locale } } = this;
    const t = inLanguage(phrases, locale);
    const hosts = roster?.hosts ?? [];
    if (!desk.maySell || !desk.show || roster?.show !== desk.show || !hosts.length || desk.phase === 'ended') return nothing;
    const named = hosts.find((h) => h.id === this.undo)?.name;
    return html`<div class="hosts" role="group" aria-label=${t.hosts} title=${t.hostsTip}><span class="more">${desk.phase === 'live' ? t.hosts : t.hostsBegin}</span>
      ${hosts.map((h) => html`<button type="button" aria-pressed=${h.id === roster.presenting} ?disabled=${this.locked || this.busy} @click=${() => h.id === roster.presenting || void this.turn(h.id)}>${h.name}</button>`)}
      ${named && roster.presenting === this.undo && (roster.turns ?? []).length > 1 ? html`<button type="button" class="undo" ?disabled=${this.busy} aria-label=${say(t.hostsUndoOf, { name: named })} @click=${() => void this.back()}>${t.hostsUndo}</button>` : nothing}</div>
      <p class="sr" role="status">${named ? say(t.hostsNow, { name: named }) : ''}</p>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}`;
  }
}

if (!customElements.get('mediad-hosts')) {
  document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
  customElements.define('mediad-hosts', Hosts);
}

declare global {
  interface HTMLElementTagNameMap {
    'mediad-hosts': Hosts;
  }
}
