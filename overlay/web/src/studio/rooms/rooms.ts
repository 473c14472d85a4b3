import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { worstFirst, watched, type Watched } from '../../shared/condition.ts';
import type { Schemas, Studio } from '../context.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Poll } from '../parts/poll.ts';
import { wear } from '../parts/wear.ts';
import './first.ts';
import { list } from './list.ts';
import './open.ts';
import './room.ts';
import css from './rooms.css?text';
import { wordsOf } from './words.ts';

wear(css);

const every = 3000; // for each hundred rooms
const mostRooms = 1000;

/** `<studio-rooms>`: the rooms of an organisation and of those below it, the one that is in trouble first; `rooms/SLUG` is one of them. */
export class Rooms extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) rest: readonly string[] = [];
  @state() private rooms: readonly Watched[] | undefined;
  @state() private trouble = '';
  @state() private adding = false;
  private now = Date.now();

  constructor() {
    super();
    new Poll(this, () => every * Math.max(1, Math.ceil((this.rooms?.length ?? 0) / 100)), () => this.look());
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { studio } = this;
    const words = wordsOf(studio.language);
    const [slug] = this.rest;
    if (slug) return html`${keyed(slug, html`<studio-room .studio=${studio} .slug=${slug}></studio-room>`)}`; // nothing of one room, its key least of all, stays for another
    const may = studio.may('own');
    const none = this.rooms?.length === 0;
    return html`<div class="head"><h1>${words.roomsHead}</h1>
        ${may && !this.adding && !none ? html`<button type="button" class="loud" @click=${() => (this.adding = true)}>${icons.add}${words.openRoom}</button>` : nothing}</div>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${this.adding ? html`<studio-open-room .studio=${studio} .close=${() => this.close()}></studio-open-room>` : nothing}
      ${!this.rooms ? (this.trouble ? nothing : html`<p class="soft" role="status">${studio.language.words.loadingPart}</p>`)
        : none ? (this.adding ? nothing : empty(icons.rooms, words.noRooms, words.noRoomsWhy, may ? html`<button type="button" class="loud" @click=${() => (this.adding = true)}>${words.openFirst}</button>` : html`<p>${words.askOwner}</p>`))
        : html`${this.rooms.length === 1 && may ? html`<studio-first .studio=${studio} room=${this.rooms[0]!.room.slug}></studio-first>` : nothing}${list(this.rooms, this.now, studio)}`}`;
  }

  private close(): void {
    this.adding = false;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.head button')?.focus());
  }

  private async look(): Promise<void> {
    if (this.rest.length || !this.studio) return;
    const all: Schemas['RoomBody'][] = [];
    let cursor: string | undefined;
    do {
      const answer = await this.studio.client.GET('/api/v1/rooms', { params: { query: { org: this.studio.org, limit: 100, ...(cursor ? { cursor } : {}) } } });
      if (!answer.data) return void (this.trouble = this.studio.wrong(answer));
      const date = Date.parse(answer.response.headers.get('date') ?? '');
      this.now = Number.isNaN(date) ? Date.now() : date;
      all.push(...(answer.data.items ?? []));
      cursor = answer.data.next;
    } while (cursor && all.length < mostRooms);
    this.trouble = '';
    this.rooms = worstFirst(all.map((room) => watched(room, this.now)));
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has('rest') || !changed.get('rest')) return;
    this.adding = false;
    if (!this.rest.length) void this.look();
  }
}

customElements.define('studio-rooms', Rooms);
