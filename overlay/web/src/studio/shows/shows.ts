import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Schemas, Studio } from '../context.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { wear } from '../parts/wear.ts';
import { hashOf } from '../route.ts';
import { calendar, monthOf, spanOf, type Month } from './calendar.ts';
import { list } from './list.ts';
import './new.ts';
import './show.ts';
import css from './shows.css?text';
import { wordsOf, type Show } from './words.ts';

wear(css);

const page = 100;
const most = 1000; // planned shows that are listed

/** `<studio-shows>`: the shows of an organisation, as a list and as a calendar; `rest` is `new`, `calendar`, or a show's id. */
export class Shows extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) rest: readonly string[] = [];
  @state() private shows: readonly Show[] | undefined;
  @state() private over: { items: readonly Show[]; next?: string | undefined } = { items: [] };
  @state() private month: { of: Month; shows: readonly Show[] } | undefined;
  @state() private rooms: readonly Schemas['RoomBody'][] = [];
  /** Only the shows of this room; "": of all. */
  @state() private room = '';
  @state() private trouble = '';
  @state() private busy = false;
  private drawn = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const drawn = JSON.stringify([this.studio.org, this.room, ...this.rest]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    if (this.view === 'list') void this.readList();
    if (this.view === 'calendar') void this.readMonth();
  }

  private get view(): 'list' | 'calendar' | 'new' | 'show' {
    const [first] = this.rest;
    return first === undefined ? 'list' : first === 'calendar' || first === 'new' ? first : 'show';
  }

  /** Whether one may plan shows, in one room at least. */
  private get may(): boolean {
    return this.studio.may('run') || this.rooms.some((r) => this.studio.may('run', this.studio.org, r.slug));
  }

  private get bySlug(): ReadonlyMap<string, Schemas['RoomBody']> {
    return new Map(this.rooms.map((r) => [r.slug, r]));
  }

  protected override render(): TemplateResult {
    const { studio, rest, view } = this;
    const { language } = studio;
    const words = wordsOf(language);
    if (view === 'new') return html`<studio-show-new .studio=${studio} .date=${rest[1] ?? ''}></studio-show-new>`;
    if (view === 'show') return html`<studio-show .studio=${studio} .show=${rest[0]}></studio-show>`;
    const tab = (to: string, name: string, here: boolean): TemplateResult => html`<a class="button" href=${hashOf(to)} aria-current=${here ? 'page' : nothing}>${name}</a>`;
    return html`<div class="head"><h1>${words.showsHead}</h1>
        <div class="acts"><nav class="tabs" aria-label=${words.views}>${tab('shows', words.viewList, view === 'list')}${tab('shows/calendar', words.viewCalendar, view === 'calendar')}</nav>
        ${this.may ? html`<a class="button loud" href=${hashOf('shows/new')}>${icons.add}${words.planShow}</a>` : nothing}</div></div>
      ${this.rooms.length > 1 ? html`<select class="of-room" aria-label=${words.planRoom} @change=${(e: Event) => (this.room = (e.target as HTMLSelectElement).value)}>
        <option value="">${words.allRooms}</option>${this.rooms.map((r) => html`<option value=${r.slug} ?selected=${r.slug === this.room}>${r.title}</option>`)}</select>` : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble} <button type="button" @click=${() => { this.drawn = ''; this.requestUpdate(); }}>${language.words.tryOnceMore}</button></p>` : nothing}
      ${view === 'calendar' ? this.calendar() : this.list()}`;
  }

  private calendar(): TemplateResult | typeof nothing {
    if (!this.month) return this.trouble ? nothing : html`<p class="soft" role="status">${this.studio.language.words.loadingPart}</p>`;
    return calendar(this.month.of, this.month.shows, this.bySlug, this.may, this.studio.language);
  }

  private list(): TemplateResult | typeof nothing {
    const { shows, over, studio: { language } } = this;
    const words = wordsOf(language);
    if (!shows) return this.trouble ? nothing : html`<p class="soft" role="status">${language.words.loadingPart}</p>`;
    if (!shows.length && !over.items.length) {
      if (this.room) return html`<p class="soft" role="status">${words.noneInRoom}</p>`;
      return empty(icons.shows, words.emptyHead, words.emptyWhy, this.may
        ? html`<div class="acts"><a class="button loud" href=${hashOf('shows/new')}>${words.planFirst}</a></div>` : html`<p>${words.mayNotPlan}</p>`);
    }
    return html`${list([...shows, ...over.items], this.bySlug, language)}
      ${over.next ? html`<button type="button" ?disabled=${this.busy} @click=${() => void this.readOver()}>${words.moreShows}</button>` : nothing}`;
  }

  private async readList(): Promise<void> {
    this.trouble = '';
    const [planned, live, paused] = await Promise.all([this.all({ state: 'planned' }), this.all({ state: 'live' }), this.all({ state: 'paused' }), this.readRooms()]);
    if (!planned || !live || !paused) return;
    this.over = { items: [] };
    await this.readOver();
    this.shows = [...live, ...paused, ...planned];
  }

  private async readOver(): Promise<void> {
    this.busy = true;
    const { next } = this.over;
    const answer = await this.studio.client.GET('/api/v1/shows', { params: { query: { ...this.which, state: 'ended', figures: true, limit: 20, ...(next ? { cursor: next } : {}) } } });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (answer.data) this.over = { items: [...this.over.items, ...(answer.data.items ?? [])], next: answer.data.next };
  }

  private async readMonth(): Promise<void> {
    this.trouble = '';
    const now = new Date();
    const of = monthOf(this.rest[1]) ?? { year: now.getFullYear(), month: now.getMonth() + 1 };
    const [shows] = await Promise.all([this.all(spanOf(of)), this.readRooms()]);
    if (shows) this.month = { of, shows };
  }

  private get which(): { org: string; room?: string } {
    return { org: this.studio.org, ...(this.room ? { room: this.room } : {}) };
  }

  private async readRooms(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/rooms', { params: { query: { org: this.studio.org, limit: page } } });
    if (answer.data) this.rooms = answer.data.items ?? [];
  }

  /** All shows of some kind; undefined: they could not be read. */
  private async all(query: { state?: 'planned' | 'live' | 'paused'; from?: string; until?: string }): Promise<Show[] | undefined> {
    const out: Show[] = [];
    let cursor: string | undefined;
    do {
      const answer = await this.studio.client.GET('/api/v1/shows', { params: { query: { ...this.which, limit: page, ...query, ...(cursor ? { cursor } : {}) } } });
      if (!answer.data) {
        this.trouble = this.studio.wrong(answer);
        return undefined;
      }
      out.push(...(answer.data.items ?? []));
      cursor = answer.data.next;
    } while (cursor && out.length < most);
    return out;
  }
}

customElements.define('studio-shows', Shows);
