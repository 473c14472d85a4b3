import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import { Pages } from '../parts/pages.ts';
import { roleWord } from '../parts/roles.ts';
import { hashOf } from '../route.ts';
import { wordsOf } from './words.ts';

const hosting = ['owner', 'host', 'assistant'];

/** `<studio-hosts>`: who may host in a room, or help there: people and tokens. Owners alone know that. */
export class Hosts extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) room!: Schemas['RoomBody'];
  private people = new Pages<Schemas['Member']>(this, (cursor) =>
    this.studio.client.GET('/api/v1/orgs/{org}/members', { params: { path: { org: this.room.org }, query: { limit: 100, ...(cursor ? { cursor } : {}) } } }));
  private tokens = new Pages<Schemas['Token']>(this, (cursor) => this.studio.client.GET('/api/v1/tokens', { params: { query: { limit: 100, ...(cursor ? { cursor } : {}) } } }));

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { studio, room, people, tokens } = this;
    const words = wordsOf(studio.language);
    const common = studio.language.words;
    const above = studio.orgs.find((o) => o.id === studio.orgs.find((one) => one.id === room.org)?.parent);
    const mine = people.items.filter((m) => hosting.includes(m.role));
    const machines = tokens.items.filter((t) => hosting.includes(t.role) && t.org === room.org && (!t.rooms?.length || t.rooms.includes(room.slug)));
    const failed = people.state === 'failed' ? people : tokens.state === 'failed' ? tokens : undefined;
    const role = (r: string): TemplateResult => html`<span class="role soft">${roleWord(r as 'host', common)}</span>`;
    return html`<section class="sheet hosts" aria-labelledby="hosts-head">
      <h2 id="hosts-head">${words.hostsHead}</h2>
      <p class="soft small">${words.hostsWhy}</p>
      ${failed ? html`<p class="trouble" role="alert">${studio.wrong(failed.answer!)}</p>` : nothing}
      <ul>${mine.map((m) => html`<li><span>${m.name || m.email}${m.invited ? html` <span class="soft small">(${words.invitedHost})</span>` : nothing}</span>${role(m.role)}</li>`)}
        ${machines.map((t) => html`<li><span>${say(words.tokenHost, { name: t.name })}</span>${role(t.role)}</li>`)}
        ${above ? html`<li><span>${say(words.hostsAbove, { org: above.name })}</span></li>` : nothing}</ul>
      ${people.next || tokens.next ? html`<p class="soft small">${words.moreHosts}</p>` : nothing}
      <div class="acts"><a class="button" href=${hashOf('people')}>${words.toPeople}</a><a class="button" href=${hashOf('tokens')}>${words.toTokens}</a></div>
    </section>`;
  }
}

customElements.define('studio-hosts', Hosts);
