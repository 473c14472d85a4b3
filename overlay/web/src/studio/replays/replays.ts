import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { repeat } from 'lit/directives/repeat.js';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import { airMark } from '../air/mark.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { roomNames } from '../parts/room-names.ts';
import { bytes, lasting } from '../parts/size.ts';
import { wear } from '../parts/wear.ts';
import { moment } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import './replay.ts';
import css from './replays.css?text';
import { keptUntil, wordsOf } from './words.ts';

wear(css);

export type Recorded = Schemas['StoredShow'];

/** `<studio-replays>`: the recordings of an organisation and of those below it, the latest first; `replays/SHOW` is one of them. */
export class Replays extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) rest: readonly string[] = [];
  @state() private shows: readonly Recorded[] | undefined;
  @state() private next = '';
  @state() private rooms: ReadonlyMap<string, string> = new Map();
  @state() private busy = false;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.look();
    if (!this.rest.length) void roomNames(this.studio).then((rooms) => (this.rooms = rooms));
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('rest') && changed.get('rest') && !this.rest.length) {
      void this.look();
      void roomNames(this.studio).then((rooms) => (this.rooms = rooms));
    }
  }

  protected override render(): TemplateResult {
    const { studio, shows } = this;
    const words = wordsOf(studio.language);
    const [id] = this.rest;
    if (id) return html`${keyed(id, html`<studio-replay .studio=${studio} .show=${id}></studio-replay>`)}`;
    return html`<div class="head"><h1>${words.replaysHead}</h1>${shows?.length ? html`<p>${words.replaysWhy}</p>` : nothing}</div>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${!shows ? (this.trouble ? nothing : html`<p class="soft" role="status">${studio.language.words.loadingPart}</p>`)
        : !shows.length ? empty(icons.replays, words.noReplays, words.noReplaysWhy, html`<a class="button" href=${hashOf('rooms')}>${words.toRooms}</a>`)
        : html`<ul class="list">${repeat(shows, (s) => s.id, (s) => this.row(s))}</ul>
          ${this.next ? html`<button type="button" class="older" ?disabled=${this.busy} @click=${() => void this.look(this.next)}>${words.older}</button>` : nothing}`}`;
  }

  private row(s: Recorded): TemplateResult {
    const { language } = this.studio;
    const { locale } = language;
    const words = wordsOf(language);
    const gone = !!s.deleted;
    const room = this.rooms.get(s.room) ?? s.room; // a show without a title of its own has the room's
    return html`<li class="sheet replay" data-show=${s.id} data-gone=${gone}>
      <span class="pic" aria-hidden="true">${[...s.title][0]}${gone || s.deleting || !(s.poster || s.picture) ? nothing
        : html`<img src=${s.poster || s.picture || ''} alt="" loading="lazy" @error=${(e: Event) => (e.target as HTMLElement).remove()} />`}</span>
      <div class="about"><h2><a href=${hashOf(`replays/${s.id}`)}>${s.title}</a>${s.state === 'paused' ? html` ${airMark('paused', language)}` : nothing}</h2>
        <p class="soft small">${s.started ? moment(s.started, locale) : ''}${room === s.title ? nothing : html` · <bdi>${room}</bdi>`}${s.rehearsal ? html` · ${words.rehearsal}` : nothing}</p>
        <p class="small">${gone ? words.recordingGone : s.deleting ? words.deletingNow : say(words.lengthAndSize, { length: lasting(s.duration, locale), size: bytes(s.bytes, locale) })}</p></div>
      <p class="soft small until">${gone || s.deleting ? '' : keptUntil(s, language)}</p>
    </li>`;
  }

  /** Reads the latest, or what is older than what is there. A show that may go on within half an hour has a recording, too. */
  private async look(cursor = ''): Promise<void> {
    const { client, org } = this.studio;
    if (this.rest.length) return;
    this.busy = true;
    const ask = (state: 'ended' | 'paused'): ReturnType<typeof page> => page(client, { org, state, limit: 30, ...(cursor ? { cursor } : {}) });
    const [answer, open] = await Promise.all([ask('ended'), cursor ? undefined : ask('paused')]);
    this.busy = false;
    this.trouble = this.studio.wrong(answer) || (open ? this.studio.wrong(open) : '');
    if (!answer.data) return;
    const fresh = [...(open?.data?.items ?? []), ...(answer.data.items ?? [])].filter((s) => s.started);
    this.shows = cursor ? [...(this.shows ?? []), ...fresh] : fresh;
    this.next = answer.data.next ?? '';
  }
}

const page = (client: Studio['client'], query: { org: string; state: 'ended' | 'paused'; limit: number; cursor?: string }) => client.GET('/api/v1/shows', { params: { query } });

customElements.define('studio-replays', Replays);
