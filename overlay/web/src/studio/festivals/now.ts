import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Warning } from '../../shared/health.ts';
import { say } from '../../shared/language.ts';
import { warningOf } from '../../shared/said.ts';
import type { Schemas } from '../context.ts';
import { Section } from '../parts/light.ts';
import { Poll } from '../parts/poll.ts';
import { ago, brief } from '../parts/when.ts';
import { regionName, wordsOf, type RoomNow, type Words } from './words.ts';

const every = 5000; // ms

/** `<festival-now>`: what is wrong in a festival, the worst first, and all rooms by their viewers. */
export class FestivalNow extends Section {
  @property() festival = '';
  @state() private at: Schemas['FestivalNowBody'] | undefined;
  @state() private trouble = '';

  constructor() {
    super();
    new Poll(this, () => every, () => this.look());
  }

  protected override render(): TemplateResult {
    const { studio, at } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const late = this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing;
    if (!at) return html`${late || html`<p class="soft" role="status">${language.words.loadingPart}</p>`}`;
    const incidents = at.incidents ?? [];
    const rooms = at.rooms ?? [];
    return html`${late}
      <section class="sheet stack" aria-labelledby="trouble-head"><h2 id="trouble-head">${words.troubleHead}</h2>
        ${!rooms.length ? html`<p class="soft">${words.rankNone}</p>` : !incidents.length ? html`<p class="good">${words.troubleNone}</p>`
          : html`<ol class="incidents">${incidents.map((r) => this.incident(r, words))}</ol>`}</section>
      ${rooms.length ? html`<section class="stack" aria-labelledby="rank-head"><h2 id="rank-head">${words.rankHead}</h2>${this.rank(rooms, words)}</section>` : nothing}`;
  }

  private incident(r: RoomNow, words: Words): TemplateResult {
    const { language } = this.studio;
    return html`<li data-room=${r.room} data-state=${r.state}><p><strong>${this.stateOf(r, words)}</strong></p>
      <p><bdi>${r.title}</bdi><span class="soft"> · <bdi>${r.org_name}</bdi>${r.region ? ` · ${regionName(r.region)}` : ''}</span></p>
      ${r.show_title && r.show_title !== r.title ? html`<p class="soft"><bdi>${r.show_title}</bdi></p>` : nothing}
      ${r.until ? html`<p class="soft">${say(words.awayUntil, { when: brief(r.until, language.locale) })}</p>` : nothing}
      ${(r.warning_details ?? []).map((w) => html`<p>${warningOf(w as Warning, language)}</p>`)}</li>`;
  }

  private stateOf(r: RoomNow, words: Words): string {
    const { locale } = this.studio.language;
    switch (r.state) {
      case 'offline': return say(words.isAway, { when: r.since ? ago(r.since, locale) : '' });
      case 'late': return say(words.isLate, { when: r.since ? brief(r.since, locale) : '' });
      case 'trouble': return words.isTrouble;
      case 'live': return words.isLive;
      default: return words.isQuiet;
    }
  }

  private rank(rooms: readonly RoomNow[], words: Words): TemplateResult {
    const { locale } = this.studio.language;
    const number = (n: number): string => n.toLocaleString(locale);
    return html`<div class="sheet table"><table class="rows"><thead><tr><th scope="col">${words.room}</th><th scope="col">${words.region}</th><th scope="col">${words.state}</th><th scope="col" class="number">${words.viewers}</th><th scope="col" class="number">${words.orders}</th></tr></thead>
      <tbody>${rooms.map((r) => html`<tr data-room=${r.room} data-state=${r.state}><td><strong><bdi>${r.title}</bdi></strong><br /><span class="soft small"><bdi>${r.org_name}</bdi></span></td>
        <td data-label=${words.region}>${regionName(r.region) || '–'}</td>
        <td data-label=${words.state}><span class="badge">${this.stateOf(r, words)}</span>${r.state === 'quiet' && r.next_at ? html`<br /><span class="soft small">${say(words.nextAt, { when: brief(r.next_at, locale) })}</span>` : nothing}</td>
        <td class="number" data-label=${words.viewers}>${r.show && r.state !== 'late' ? number(r.viewers) : '–'}</td><td class="number" data-label=${words.orders}>${r.show && r.state !== 'late' ? number(r.orders) : '–'}</td></tr>`)}</tbody></table></div>`;
  }

  private async look(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/festivals/{festival}/incidents', { params: { path: { festival: this.festival } } });
    this.trouble = this.studio.wrong(answer);
    this.at = answer.data ?? this.at;
  }
}

customElements.define('festival-now', FestivalNow);
