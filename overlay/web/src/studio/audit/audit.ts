import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import table, { type Words } from '../../generated/strings/studio-audit.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { Pages } from '../parts/pages.ts';
import { precise, timeOnly, weekday } from '../parts/when.ts';
import { wear } from '../parts/wear.ts';
import style from './audit.css?text';
import { changeLines } from './changes.ts';
import { deed, doer } from './deeds.ts';
import { dayFrom, kinds, nobody, type Sieve } from './sieve.ts';

wear(style);

type Entry = Schemas['Audited'];

/** `<studio-audit>`: who did what, by day, the latest first. */
export class Audit extends Section {
  @state() private sieve: Sieve = nobody;
  private entries = new Pages<Entry>(this, (cursor) => this.studio.client.GET('/api/v1/audit', { params: { query: {
    org: this.studio.org, limit: 100, ...(this.sieve.actor ? { actor: this.sieve.actor } : {}), ...(this.sieve.kind ? { kind: [...kinds[this.sieve.kind]] } : {}), ...dayFrom(this.sieve.day), ...(cursor ? { cursor } : {}) } } }));
  private people = new Pages<Schemas['Member']>(this, (cursor) =>
    this.studio.client.GET('/api/v1/orgs/{org}/members', { params: { path: { org: this.studio.org }, query: { limit: 100, ...(cursor ? { cursor } : {}) } } }));
  private tokens = new Pages<Schemas['Token']>(this, (cursor) => this.studio.client.GET('/api/v1/tokens', { params: { query: { limit: 100, ...(cursor ? { cursor } : {}) } } }));

  protected override render(): TemplateResult {
    const { studio, entries } = this;
    const { locale } = studio.language;
    const words = studio.language.in(table);
    return html`<div class="head"><h1>${words.auditHead}</h1><p>${words.auditWhy}</p></div>
      ${this.filters(words)}
      ${listed(entries, studio, (items) => html`${days(items, locale).map(([at, all]) => html`<section class="sheet day"><h2>${weekday(at, locale)}</h2><ol>
        ${all.map((e) => {
          const { name, address } = doer(e, words);
          return html`<li><time datetime=${e.at} title=${precise(e.at, locale)}>${timeOnly(e.at, locale)}</time><span><strong dir="auto">${name}</strong>${address ? html` <span class="soft small" dir="ltr">${address}</span>` : nothing} ${deed(e, words)}${e.changes?.length ? html`<ul class="changes">${changeLines(e.changes, words, studio.language).map((line) => html`<li dir="auto">${line}</li>`)}</ul>` : nothing}</span></li>`;
        })}
      </ol></section>`)}`, this.sieve === nobody ? empty(icons.audit, words.noAudit, words.noAuditWhy)
        : empty(icons.audit, words.noneOfThese, words.noneOfTheseWhy, html`<button type="button" @click=${() => this.narrow(nobody)}>${words.showAll}</button>`))}`;
  }

  private filters(words: Words): TemplateResult {
    const { sieve } = this;
    const value = (e: Event): string => (e.target as HTMLInputElement | HTMLSelectElement).value;
    const done = [...this.people.items.map((m) => [m.email, m.name || m.email] as const), ...this.tokens.items.filter((t) => t.org === this.studio.org).map((t) => [t.name, say(words.tokenOf, { name: t.name })] as const)];
    const names: [keyof typeof kinds, string][] = [['catalogue', words.kindCatalogue], ['rooms', words.kindRooms], ['shows', words.kindShows], ['orders', words.kindOrders], ['people', words.kindPeople], ['tokens', words.kindTokens], ['settings', words.kindSettings]];
    return html`<div class="filters" role="group" aria-label=${words.narrowHead}>
      <label class="field"><span>${words.whoLabel}</span><select name="actor" @change=${(e: Event) => this.narrow({ ...sieve, actor: value(e) })}><option value="">${words.whoAll}</option>${done.map(([id, name]) => html`<option value=${id} ?selected=${id === sieve.actor}>${name}</option>`)}</select></label>
      <label class="field"><span>${words.kindLabel}</span><select name="kind" @change=${(e: Event) => this.narrow({ ...sieve, kind: value(e) as Sieve['kind'] })}><option value="">${words.kindAll}</option>${names.map(([id, name]) => html`<option value=${id} ?selected=${id === sieve.kind}>${name}</option>`)}</select></label>
      <label class="field"><span>${words.dayLabel}</span><input type="date" name="day" .value=${sieve.day} @change=${(e: Event) => this.narrow({ ...sieve, day: value(e) })} /></label>
      ${sieve === nobody ? nothing : html`<button type="button" class="quiet" @click=${() => this.narrow(nobody)}>${words.showAll}</button>`}</div>`;
  }

  private narrow(to: Sieve): void {
    this.sieve = to.actor || to.kind || to.day ? to : nobody;
    void this.entries.load();
    if (this.sieve === nobody) this.focusOn('[name=actor]');
  }
}

/** The entries of each day, as the reader counts days. */
function days(items: readonly Entry[], locale: string): [string, Entry[]][] {
  const found = new Map<string, [string, Entry[]]>();
  for (const e of items) {
    const day = weekday(e.at, locale);
    if (!found.has(day)) found.set(day, [e.at, []]);
    found.get(day)![1].push(e);
  }
  return [...found.values()];
}

customElements.define('studio-audit', Audit);
