import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { say } from '../../shared/language.ts';
import { home } from '../../shared/server.ts';
import { clock } from '../../shared/times.ts';
import type { Schemas, Studio } from '../context.ts';
import '../parts/ask.ts';
import '../parts/copy.ts';
import { missing } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Poll } from '../parts/poll.ts';
import '../results/results.ts';
import { bytes, lasting } from '../parts/size.ts';
import { moment } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import { clipsOf, type Clip } from './clips.ts';
import './download.ts';
import { keptUntil, wordsOf } from './words.ts';

const every = 4000;
const settled = 60_000; // ms after the end of a show: its chapters do not change any more

/** `<studio-replay>`: one recording with its chapters, clips, downloads, and how long it is kept. */
export class Replay extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property() show = '';
  @state() private one: Schemas['StoredShow'] | undefined;
  @state() private chapters: readonly Schemas['Chapter'][] = [];
  @state() private start = 0;
  @state() private room = '';
  @state() private gone = false;
  @state() private trouble = '';
  @state() private keepTrouble = '';
  @state() private busy = false;
  private read = false;

  constructor() {
    super();
    new Poll(this, () => every, () => this.look());
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { studio, one } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const back = html`<a class="back" href=${hashOf('replays')}>${words.allReplays}</a>`;
    const trouble = this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing;
    if (!one && this.gone) return missing(icons.replays, words.noSuchReplay, words.noSuchReplayWhy, html`<a class="button loud" href=${hashOf('replays')}>${words.allReplays}</a>`);
    if (!one) return html`${back}${this.trouble ? trouble : html`<p class="soft" role="status">${language.words.loadingPart}</p>`}`;
    const page = (at: number): string => `${home}/watch/${encodeURIComponent(one.room)}?show=${one.id}${at ? `&t=${at}` : ''}`;
    const there = one.replay && !one.deleted && !one.deleting;
    return html`${back}<div class="head"><h1>${one.title}</h1><a class="button" href=${hashOf(`shows/${one.id}`)}>${words.toShow}</a><p>${one.started ? `${moment(one.started, language.locale)} · ` : ''}<bdi>${this.room || one.room}</bdi>${one.rehearsal ? ` · ${words.rehearsal}` : ''}</p></div>
      ${trouble}
      <div class="parts"><section class="sheet">${there ? html`
          ${one.rehearsal ? html`<p class="soft">${words.rehearsalWhy}</p>` : html`<div class="screen"><iframe src=${`${home}/embed/${encodeURIComponent(one.room)}?show=${one.id}&preview=1${this.start ? `&t=${this.start}` : ''}`} title=${words.recording} allow="autoplay; fullscreen"></iframe></div>
          <div class="acts"><a class="button" href=${page(0)} target="_blank" rel="noopener">${words.openWatch}</a><studio-copy .words=${language.words} .text=${page(0)} .label=${words.copyLink} .what=${words.linkOf}></studio-copy></div>`}
          <p class="soft">${say(words.lengthAndSize, { length: lasting(one.duration, language.locale), size: bytes(one.bytes, language.locale) })}${one.gaps ? html` · ${say(words.lost, { n: one.gaps })}` : nothing}</p>`
        : html`<p role="status">${one.deleted ? words.recordingGone : one.deleting ? this.deleting(one.deleting) : words.notYet}</p>`}
      </section>
      ${there ? html`<section class="sheet"><h2>${words.saveHead}</h2>
        ${studio.may('run', undefined, one.room) ? html`<studio-download .studio=${studio} .show=${one.id} .label=${words.downloadAll}></studio-download>` : html`<p class="soft small">${words.hostsDownload}</p>`}
        <p>${keptUntil(one, language)}</p>
        ${studio.may('run', undefined, one.room) ? html`<label class="check"><input type="checkbox" name="keep" .checked=${live(one.keep)} ?disabled=${this.busy} @change=${(e: Event) => void this.keep((e.target as HTMLInputElement).checked)} /><span>${words.keepAlways}</span></label>` : nothing}
        ${this.keepTrouble ? html`<p class="trouble" role="alert">${this.keepTrouble}</p>` : nothing}
        ${studio.may('own') ? html`<studio-ask .words=${language.words} .label=${words.deleteRecording} .question=${say(words.deleteAsk, { title: one.title })} .yes=${words.deleteYes} .act=${() => this.deleteRecording()}></studio-ask>` : nothing}
      </section>` : nothing}</div>
      <studio-results .studio=${studio} .of=${one}></studio-results>
      ${there && !one.rehearsal ? html`<section class="sheet chapters"><h2>${words.clipsHead}</h2>
        ${this.chapters.length ? html`<ol>${clipsOf(this.chapters).map((c) => this.clip(c, page))}</ol>` : html`<p class="soft">${words.noClips}</p>`}</section>` : nothing}`;
  }

  private clip(c: Clip, page: (at: number) => string): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    return html`<li data-product=${c.id}>
      <p class="name"><strong>${c.title}</strong> <span class="soft small">${lasting(c.duration, language.locale)}</span></p>
      ${c.ready && this.studio.may('run', undefined, this.one!.room) ? html`<div class="acts"><studio-download .studio=${this.studio} .show=${this.show} .product=${c.id} .label=${words.downloadClip} .what=${c.title}></studio-download></div>` : nothing}
      <ul class="moments">${c.moments.map(({ at, duration }) => {
        const time = clock(at * 1000);
        return html`<li><button type="button" class="jump" @click=${() => this.jump(at)}><span class="time" dir="ltr">${time}</span>${c.moments.length > 1 ? html`<span class="soft small">${lasting(duration, language.locale)}</span>` : nothing}<span class="sr">${say(words.watchFrom, { title: c.title })}</span></button>
          <studio-copy .words=${language.words} .text=${page(at)} .label=${words.copyLink} .what=${`${say(words.momentOf, { title: c.title })}, ${time}`}></studio-copy></li>`;
      })}</ul></li>`;
  }

  private jump(at: number): void {
    this.start = at;
    this.querySelector('.screen')?.scrollIntoView({ block: 'nearest' });
  }

  private deleting(d: Schemas['Deletion']): string {
    const words = wordsOf(this.studio.language);
    return d.waits ? say(words.deletionWaits, { why: d.waits }) : d.of ? say(words.deletingOf, { n: d.deleted, of: d.of }) : words.deletingNow;
  }

  private async look(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/shows/{show}', { params: { path: { show: this.show } } });
    this.trouble = this.studio.wrong(answer);
    this.gone = answer.response.status === 404;
    if (!answer.data) return;
    if (!this.one) void this.nameRoom(answer.data.room);
    this.one = answer.data;
    if (this.read || !answer.data.replay || answer.data.rehearsal) return;
    const told = await this.studio.client.GET('/c/{show}/{file}', { params: { path: { show: this.show, file: 'chapters.json' } } });
    if (told.data && 'chapters' in told.data) {
      this.chapters = told.data.chapters ?? [];
      // Soon after the end, the last chapters and their clips may be still to come.
      this.read = Date.now() - Date.parse(answer.data.ended ?? '') > settled || (this.chapters.length > 0 && this.chapters.every((c) => c.clip));
    }
  }

  private async nameRoom(room: string): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/rooms/{room}', { params: { path: { room } } });
    this.room = answer.data?.title ?? '';
  }

  private async keep(keep: boolean): Promise<void> {
    this.busy = true;
    const answer = await this.studio.client.PATCH('/api/v1/shows/{show}', { params: { path: { show: this.show } }, body: { keep: keep || null } });
    this.busy = false;
    this.keepTrouble = this.studio.wrong(answer);
    if (answer.data) this.one = answer.data;
    else this.requestUpdate();
  }

  private async deleteRecording(): Promise<string> {
    const answer = await this.studio.client.DELETE('/api/v1/shows/{show}', { params: { path: { show: this.show } } });
    if (!answer.data) return this.studio.wrong(answer);
    this.one = answer.data;
    return '';
  }
}

customElements.define('studio-replay', Replay);
