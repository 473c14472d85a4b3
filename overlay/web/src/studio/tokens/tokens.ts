import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import activity from '../../generated/strings/studio-audit.ts';
import table from '../../generated/strings/studio-tokens.ts';
import { home } from '../../shared/server.ts';
import { say } from '../../shared/language.ts';
import { maker } from '../audit/deeds.ts';
import type { Schemas } from '../context.ts';
import '../parts/ask.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { newKey } from '../parts/once.ts';
import { Pages } from '../parts/pages.ts';
import { roleWord } from '../parts/roles.ts';
import { roomName, roomNames } from '../parts/room-names.ts';
import '../parts/secret.ts';
import { ago, day, precise } from '../parts/when.ts';
import { tokenForm, type Wish } from './form.ts';

type Token = Schemas['Token'];
type Made = Schemas['NewToken'];

/** `<studio-tokens>`: what machines and docks come in with. */
export class Tokens extends Section {
  @state() private adding = false;
  @state() private trouble = '';
  @state() private busy = false;
  @state() private made: Made | undefined;
  @state() private rooms: ReadonlyMap<string, string> = new Map();
  private key = newKey();
  private tokens = new Pages<Token>(this, (cursor) => this.studio.client.GET('/api/v1/tokens', { params: { query: { org: this.studio.org, ...(cursor ? { cursor } : {}) } } }));

  override connectedCallback(): void {
    super.connectedCallback();
    void roomNames(this.studio).then((rooms) => (this.rooms = rooms));
  }

  protected override render(): TemplateResult {
    const { studio, tokens } = this;
    const words = studio.language.in(table);
    const add = html`<button type="button" class="loud add" @click=${() => this.open()}>${icons.add}${words.addToken}</button>`;
    const none = this.adding || this.made ? nothing : empty(icons.tokens, words.noTokens, words.noTokensWhy);
    return html`
      <div class="head"><h1>${words.tokensHead}</h1>${this.adding ? nothing : add}<p>${words.tokensWhy}</p></div>
      ${this.adding ? tokenForm(studio, this.rooms, this.trouble, this.busy, (wish) => void this.add(wish), () => this.close()) : nothing}
      ${this.made ? this.secret(this.made) : nothing}
      ${listed(tokens, studio, (items) => html`<div class="sheet table"><table class="rows">
        <thead><tr><th scope="col">${words.nameColumn}</th><th scope="col">${words.mayColumn}</th><th scope="col">${words.madeColumn}</th><th scope="col">${words.usedColumn}</th><th scope="col" class="end"><span class="sr">${words.revokeToken}</span></th></tr></thead>
        <tbody>${items.map((t) => this.row(t))}</tbody></table></div>`, none === nothing ? nothing : html`${none}`)}`;
  }

  private row(t: Token): TemplateResult {
    const { studio } = this;
    const { words: common, locale } = studio.language;
    const words = studio.language.in(table);
    return html`<tr data-token=${t.id}>
      <td><strong>${t.name}</strong></td>
      <td data-label=${words.mayColumn}><span class="role">${roleWord(t.role, common)}</span> · ${t.rooms?.length ? t.rooms.map((r, i) => html`${i ? ', ' : nothing}${roomName(r, this.rooms)}`) : words.allRooms}</td>
      <td data-label=${words.madeColumn}><time datetime=${t.created} title=${precise(t.created, locale)}>${day(t.created, locale)}</time>${t.created_by ? html`<br /><span class="soft small" dir="auto">${say(words.madeBy, { who: maker(t.created_by, studio.language.in(activity)) })}</span>` : nothing}</td>
      <td data-label=${words.usedColumn}>${t.used ? html`<time datetime=${t.used} title=${precise(t.used, locale)}>${ago(t.used, locale)}</time>` : html`<span class="soft">${words.neverUsed}</span>`}</td>
      <td class="end"><div class="acts"><studio-ask .words=${common} label=${words.revokeToken} what=${t.name} question=${say(words.revokeAsk, { name: t.name })} yes=${words.revokeYes} .act=${() => this.revoke(t)}></studio-ask></div></td>
    </tr>`;
  }

  private secret(made: Made): TemplateResult {
    const { studio } = this;
    const { language } = studio;
    const words = language.in(table);
    const docks = ['owner', 'host', 'assistant'].includes(made.role) ? (made.rooms?.length ? made.rooms : [...this.rooms.keys()]).slice(0, 6) : [];
    return html`<section class="sheet stack made" tabindex="-1" aria-labelledby="made">
      <h2 id="made">${say(words.tokenMade, { name: made.name })}</h2>
      <p class="soft">${words.tokenOnce}</p>
      <studio-secret .words=${language.words} .value=${made.token} what=${words.tokenName}></studio-secret>
      ${docks.map((slug) => { const what = say(words.dockAddress, { room: this.rooms.get(slug) ?? slug }); return html`<h3>${what}</h3><studio-secret .words=${language.words} .value=${`${home}/dock/${encodeURIComponent(slug)}#t=${made.token}`} what=${what}></studio-secret>`; })}
      <div class="acts"><button type="button" @click=${() => this.forget()}>${words.tokenKept}</button></div>
    </section>`;
  }

  private open(): void {
    this.adding = true;
    this.made = undefined;
    this.trouble = '';
    this.key = newKey();
    this.focusOn('form [name=name]');
  }

  private close(): void {
    this.adding = false;
    this.focusOn('.head .add');
  }

  private forget(): void {
    this.made = undefined;
    this.focusOn('.head .add');
  }

  private async add({ name, role, rooms }: Wish): Promise<void> {
    this.busy = true;
    const answer = await this.studio.client.POST('/api/v1/tokens', { params: { header: { 'Idempotency-Key': this.key } }, body: { name, role, org: this.studio.org, ...(rooms.length ? { rooms } : {}) } });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return void (this.key = answer.response.status === 503 ? this.key : newKey());
    this.adding = false;
    this.made = answer.data;
    this.focusOn('.made');
    await this.tokens.load();
  }

  private async revoke(t: Token): Promise<string> {
    const answer = await this.studio.client.DELETE('/api/v1/tokens/{token}', { params: { path: { token: t.id } } });
    if (answer.response.ok) {
      if (this.made?.id === t.id) this.made = undefined;
      await this.tokens.load();
      const words = this.studio.language.in(table);
      this.studio.tell(say(words.revoked, { name: t.name }));
      this.focusOn('.head .add');
    }
    return this.studio.wrong(answer);
  }
}

customElements.define('studio-tokens', Tokens);
