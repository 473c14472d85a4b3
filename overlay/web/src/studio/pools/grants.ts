import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import '../parts/ask.ts';
import { Section } from '../parts/light.ts';
import { day } from '../parts/when.ts';
import { wordsOf, type Grant, type Pool } from './words.ts';

/** `<pool-grants>`: to which organisations a pool is granted. */
export class Grants extends Section {
  @property({ attribute: false }) pool!: Pool;
  @state() private grants: readonly Grant[] | undefined;
  @state() private next: string | undefined;
  @state() private trouble = '';
  private of = '';

  protected override updated(_: PropertyValues<this>): void {
    if (this.of === this.pool.id) return;
    this.of = this.pool.id;
    this.grants = undefined;
    void this.read();
  }

  private async read(cursor?: string): Promise<void> {
    const { client, wrong } = this.studio;
    const answer = await client.GET('/api/v1/pools/{pool}/grants', { params: { path: { pool: this.pool.id }, query: { limit: 100, ...(cursor ? { cursor } : {}) } } });
    this.trouble = wrong(answer);
    if (!answer.data) return;
    this.grants = [...(cursor ? this.grants ?? [] : []), ...(answer.data.items ?? [])];
    this.next = answer.data.next;
  }

  protected override render(): TemplateResult {
    const { studio, grants, pool } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const may = studio.may('own', pool.org);
    const free = studio.orgs.filter((o) => o.id !== pool.org && !grants?.some((g) => g.org === o.id));
    return html`<section class="sheet grants" aria-labelledby="grants-head"><h2 id="grants-head">${words.grantsHead}</h2>
      ${grants && !grants.length ? html`<p class="soft">${words.grantsNone}</p>` : nothing}
      ${grants?.length ? html`<ul>${grants.map((g) => html`<li data-org=${g.org}><span class="what"><b>${g.name}</b><small class="soft">${g.until ? say(words.grantEnds, { when: day(g.until, language.locale) }) : say(words.grantSince, { when: day(g.created, language.locale) })}</small></span>
        ${may ? html`<studio-ask .words=${language.words} label=${words.grantEnd} what=${g.name} question=${say(words.grantEndAsk, { name: g.name })} yes=${words.grantEndYes} .act=${() => this.end(g)}></studio-ask>` : nothing}</li>`)}</ul>` : nothing}
      ${this.next ? html`<button type="button" @click=${() => void this.read(this.next)}>${words.more}</button>` : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${!may ? html`<p class="soft">${words.grantOthers}</p>`
        : free.length ? html`<form class="fields" @submit=${(e: SubmitEvent) => void this.grant(e)}>
            <label class="field"><span>${words.grantTo}</span><select name="to" required>${free.map((o) => html`<option value=${o.id}>${o.name}</option>`)}</select></label>
            <label class="field"><span>${words.grantUntil}</span><input type="date" name="until" /></label>
            <div class="acts wide"><button type="submit" class="loud">${words.grantYes}</button></div></form>`
          : grants?.length ? nothing : html`<p>${words.grantAlone}</p>${studio.may('people') ? html`<div class="acts"><a class="button" href="#/settings">${words.toSettings}</a></div>` : nothing}`}
    </section>`;
  }

  private async grant(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const form = e.target as HTMLFormElement;
    const data = new FormData(form);
    const date = String(data.get('until'));
    // The whole of that day counts, where one sits.
    const until = date ? new Date(`${date}T23:59:59`).toISOString() : undefined;
    const answer = await client.PUT('/api/v1/pools/{pool}/grants/{to}', { params: { path: { pool: this.pool.id, to: String(data.get('to')) } }, body: until ? { until } : {} });
    this.trouble = wrong(answer);
    if (!answer.data) return;
    form.reset();
    tell(say(words.granted, { name: answer.data.name }));
    await this.read();
    this.focusOn(`[data-org="${answer.data.org}"] button`);
  }

  private async end(g: Grant): Promise<string> {
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const answer = await client.DELETE('/api/v1/pools/{pool}/grants/{to}', { params: { path: { pool: this.pool.id, to: g.org } } });
    if (!answer.response.ok && answer.response.status !== 404) return wrong(answer);
    tell(say(words.grantEnded, { name: g.name }));
    await this.read();
    this.focusOn('form select, h2');
    return '';
  }
}

customElements.define('pool-grants', Grants);
