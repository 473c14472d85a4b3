import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { watched, type Watched } from '../../shared/condition.ts';
import { say } from '../../shared/language.ts';
import '../../shared/push-list.ts';
import { pushWords } from '../../shared/push.ts';
import { home } from '../../shared/server.ts';
import type { Schemas, Studio } from '../context.ts';
import '../air/on-air.ts';
import '../parts/ask.ts';
import { missing } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Poll } from '../parts/poll.ts';
import { hashOf } from '../route.ts';
import './connect.ts';
import './embed.ts';
import './helper.ts';
import './hosts.ts';
import './ladder.ts';
import { live } from './live.ts';
import './setup.ts';
import { isOn, lastOf, wordsOf } from './words.ts';

const every = 2000;

/** `<studio-room>`: all about one room. It looks every two seconds whether the stream arrives. */
export class Room extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property() slug = '';
  @state() private one: Watched | undefined;
  @state() private trouble = '';
  @state() private gone = false;
  private now = Date.now();
  /** What sets the room up is folded away on a page that was opened while the room was on air, or after a show. It stays as it is when that changes: nothing moves under a hand. */
  private folded: boolean | undefined;
  /** The show that ended last; null: there is none; undefined: that is not known. */
  private last: Schemas['StoredShow'] | null | undefined;
  private wasOn = ''; // the show that was on when the page looked last
  private waited = 0; // since when nothing arrives, in ms since 1970
  private readonly poll = new Poll(this, () => every, () => this.look());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { studio, one } = this;
    const words = wordsOf(studio.language);
    const back = html`<a class="back" href=${hashOf('rooms')}>${words.allRooms}</a>`;
    if (!one && this.gone) return missing(icons.rooms, words.noSuchRoom, say(words.noSuchRoomWhy, { slug: this.slug }), html`<a class="button loud" href=${hashOf('rooms')}>${words.allRooms}</a>`);
    if (!one) return html`${back}${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : html`<p class="soft" role="status">${studio.language.words.loadingPart}</p>`}`;
    const { room } = one;
    const key = studio.may('key', room.org, room.slug);
    const run = studio.may('run', room.org, room.slug);
    const on = isOn(one);
    const text = pushWords(studio.language.locale);
    const more = html`${run || room.push?.length ? html`<mediad-push .client=${() => studio.client} .room=${room.slug} .locale=${studio.language.locale} .targets=${room.push ?? []} .mayRun=${run} .rehearsal=${room.show?.rehearsal === true} .now=${this.now} .none=${text.pushNone} .how=${text.pushHow} @switched=${() => this.poll.now()}></mediad-push>` : nothing}<studio-embed .studio=${studio} .room=${room}></studio-embed>
      ${studio.may('people', room.org) ? html`<studio-hosts .studio=${studio} .room=${room}></studio-hosts>` : nothing}`;
    const page = (to: string, name: string, loud: boolean): TemplateResult => html`<a class="button ${loud ? 'loud' : ''}" href=${`${home}/${to}/${encodeURIComponent(room.slug)}`} target="_blank" rel="noopener">${name}</a>`;
    return html`${back}<div class="head"><h1>${room.title}</h1><div class="acts">${page('dock', words.firstDock, on)}${page('watch', words.openWatch, false)}</div>${on ? nothing : html`<p>${words.dockWhy}</p>`}</div>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="parts">
        <div class="side">
          ${live(one, this.now, Date.now() - this.waited, this.last ?? undefined, studio.language, run ? this.end(one) : nothing)}
          <studio-helper .studio=${studio} .room=${room}></studio-helper>
          ${this.folded ? nothing : more}
        </div>
        <div class="side">
          ${room.show && (room.show.state === 'live' || room.show.state === 'paused') ? html`<studio-on-air .studio=${studio} .room=${room.slug} .of=${room.show}></studio-on-air>` : nothing}
          ${key ? html`<studio-connect .studio=${studio} .room=${room} .folded=${this.folded}></studio-connect>` : nothing}
          ${key ? html`<studio-ladder .studio=${studio} .room=${room} .mayChange=${run} .saved=${() => this.poll.now()}></studio-ladder>` : nothing}
          ${run ? html`<studio-setup .studio=${studio} .room=${room} .folded=${this.folded} .saved=${() => this.poll.now()}></studio-setup>` : nothing}
          ${this.folded ? more : nothing}
        </div>
      </div>
      ${studio.may('own', room.org) ? html`<section class="sheet end"><h2>${words.deleteHead}</h2>
        ${room.fixed ? html`<p class="soft">${words.deleteFixed}</p>` : html`<p class="soft">${words.deleteWhy}</p>
          <studio-ask .words=${studio.language.words} .label=${words.deleteRoom} .question=${say(words.deleteAsk, { room: room.title })} .yes=${words.deleteYes} .act=${() => this.deleteRoom()}></studio-ask>`}
      </section>` : nothing}`;
  }

  private async look(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/rooms/{room}', { params: { path: { room: this.slug } } });
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) {
      if ((this.gone = answer.response.status === 404)) this.one = undefined;
      return;
    }
    const date = Date.parse(answer.response.headers.get('date') ?? '');
    this.now = Number.isNaN(date) ? Date.now() : date;
    const one = watched(answer.data, this.now);
    if (isOn(one)) this.wasOn = one.room.show?.id ?? '';
    else if (this.wasOn || this.last === undefined) await this.readLast();
    this.one = one;
    this.folded ??= isOn(one) || Boolean(this.last);
    if (this.one.health.live || !this.waited) this.waited = Date.now();
  }

  /** Reads the show that has just ended, or on a page that is opened now the one that did so last. */
  private async readLast(): Promise<void> {
    const { client } = this.studio;
    if (this.wasOn) {
      const { data } = await client.GET('/api/v1/shows/{show}', { params: { path: { show: this.wasOn } } });
      if (data?.state === 'ended') [this.last, this.wasOn] = [data, '']; // else it is read again with the next look
      return;
    }
    const { data } = await client.GET('/api/v1/shows', { params: { query: { room: this.slug, state: 'ended', limit: 20 } } });
    if (data) this.last = lastOf(data.items ?? []);
  }

  /** The way to end a show that is on air, or paused. */
  private end({ room: { show }, health }: Watched): TemplateResult | typeof nothing {
    if (show?.state !== 'live' && show?.state !== 'paused') return nothing;
    const words = wordsOf(this.studio.language);
    const asked = show.rehearsal ? words.endAskRehearsal : words.endAsk;
    return html`<studio-ask class="end-show" .words=${this.studio.language.words} .label=${show.rehearsal ? words.endRehearsal : words.endShow}
      .question=${health.live ? `${asked} ${words.endEncoder}` : asked} .yes=${show.rehearsal ? words.endRehearsal : words.endShow} .act=${() => this.endShow()}></studio-ask>`;
  }

  private async endShow(): Promise<string> {
    const answer = await this.studio.client.POST('/api/v1/rooms/{room}/end', { params: { path: { room: this.slug } } });
    const why = answer.response.status === 409 ? '' : this.studio.wrong(answer); // somebody else was faster
    if (why) return why;
    const words = wordsOf(this.studio.language);
    this.studio.tell(words.endedNow);
    this.poll.now();
    return '';
  }

  private async deleteRoom(): Promise<string> {
    const answer = await this.studio.client.DELETE('/api/v1/rooms/{room}', { params: { path: { room: this.slug } } });
    const why = this.studio.wrong(answer);
    if (why) return why;
    const words = wordsOf(this.studio.language);
    this.studio.tell(say(words.deleted, { room: this.one?.room.title ?? this.slug }));
    this.studio.go('rooms');
    return '';
  }
}

customElements.define('studio-room', Room);
