import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import { home } from '../../shared/server.ts';
import type { Schemas, Studio } from '../context.ts';
import { airMark } from '../air/mark.ts';
import '../parts/ask.ts';
import { missing } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import '../results/results.ts';
import { hashOf } from '../route.ts';
import '../commission/show-host.ts';
import './picture.ts';
import '../reminders/show-reminders.ts';
import './script.ts';
import { draftOf, half, momentOf, onto, planFields, planNews, type Draft } from './plan-form.ts';
import { airOf, isOn, whenOf, wordsOf, type Show } from './words.ts';

/** `<studio-show>`: one show: what is planned of it, and its line-up. */
export class ShowPage extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) show = '';
  @state() private known: Show | undefined;
  @state() private room: Schemas['RoomBody'] | undefined;
  @state() private draft: Draft | undefined;
  @state() private trouble = '';
  @state() private wrong = '';
  /** What somebody else has made of the plan while it was typed on. */
  @state() private clash: { readonly by: NonNullable<Show['by']>; readonly news: readonly string[] } | undefined;
  @state() private busy = false;
  @state() private gone = false;
  private drawn = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('focus', this.again);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('focus', this.again);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.drawn === this.show) return;
    this.drawn = this.show;
    this.known = this.draft = this.room = undefined;
    void this.read();
  }

  /** Whoever comes back to this window sees what others have planned meanwhile. */
  private readonly again = (): void => {
    if (this.known && !this.busy && !this.draft) void this.read(); // what is typed belongs to what was read before
  };

  protected override render(): TemplateResult {
    const { studio: { language }, known: s } = this;
    const words = wordsOf(language);
    const back = html`<p class="back"><a href=${hashOf('shows')}>${words.backToShows}</a></p>`;
    if (!s && this.gone) return missing(icons.shows, words.noShow, words.noShowWhy, html`<a class="button loud" href=${hashOf('shows')}>${words.backToShows}</a>`);
    if (!s) return html`${back}${this.trouble ? html`<div class="sheet" role="alert"><p class="trouble">${this.trouble}</p></div>` : html`<p class="soft" role="status">${language.words.loadingPart}</p>`}`;
    const results = s.started ? html`<studio-results .studio=${this.studio} .of=${s}></studio-results>` : nothing;
    const script = s.deleted && !s.started ? html`<p class="sheet" role="status">${words.showGone}</p>` : html`<studio-script .studio=${this.studio} .of=${s}></studio-script>`;
    return html`${back}
      <div class="head"><h1>${s.title}</h1><div class="acts">
        ${s.state === 'ended' ? nothing : html`<a class="button ${isOn(s) ? 'loud' : ''}" href="${home}/dock/${encodeURIComponent(s.room)}">${words.openDock}</a>`}
        ${s.state === 'ended' && !s.deleted ? html`<a class="button" href=${hashOf(`replays/${s.id}`)}>${words.openReplay}</a>` : nothing}
        ${s.state === 'ended' && s.rehearsal ? nothing : html`<a class="button" href="${home}/watch/${encodeURIComponent(s.room)}${s.state === 'ended' ? `?show=${s.id}` : ''}">${words.openWatch}</a>`}</div></div>
      ${this.draft ? this.form(s, this.draft) : this.summary(s)}
      ${!s.rehearsal && this.studio.may('own') ? html`<show-host .studio=${this.studio} .of=${s}></show-host>` : nothing}
      ${isOn(s) ? html`${script}${results}` : html`${results}${script}`}
      ${s.state === 'planned' && !s.rehearsal && !s.deleted ? html`<show-reminders .studio=${this.studio} .of=${s}></show-reminders>` : nothing}`;
  }

  private get may(): boolean {
    return this.known !== undefined && this.studio.may('run', this.studio.org, this.known.room);
  }

  private summary(s: Show): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    return html`<section class="sheet about" aria-label=${words.aboutHead}>
      ${s.picture ? html`<img class="shot" src=${s.picture.startsWith('/') ? home + s.picture : s.picture} alt="" referrerpolicy="no-referrer" />` : nothing}
      <div><p class="when">${whenOf(s, words, language.locale)}</p>
        <p class="soft in">${this.room?.title ?? s.room} ${airMark(airOf(s, this.room), language)}</p>
        ${s.rehearsal ? html`<p><span class="mark">${words.rehearsal}</span> <span class="soft">${words.planRehearsalWhy}</span></p>` : nothing}</div>
      ${this.may ? html`<div class="acts"><button type="button" class="change" @click=${() => this.edit(draftOf(s, this.zone))}>${words.changePlan}</button>
        ${s.state === 'planned' ? html`<studio-ask .words=${language.words} .label=${words.takeBack} .question=${say(words.takeBackAsk, { show: s.title })} .yes=${words.takeBackYes} .act=${() => this.takeBack(s)}></studio-ask>` : nothing}
        ${isOn(s) ? this.ending(s) : nothing}</div>` : nothing}
    </section>`;
  }

  /** The way to end a show that is on air or paused. It is asked once, as in the dock. */
  private ending(s: Show): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    const [label, why] = s.rehearsal ? [words.endRehearsal, words.endRehearsalWhy] : [words.endShow, words.endWhy];
    return html`<studio-ask class="ending" .words=${language.words} .label=${label} .question=${s.state === 'live' ? `${why} ${words.endEncoder}` : why} .yes=${label} .act=${() => this.end(s)}></studio-ask>`;
  }

  private get zone(): string {
    return this.studio.orgs.find((o) => o.id === this.studio.org)?.timezone ?? '';
  }

  private form(s: Show, d: Draft): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    return html`<form class="sheet plan" aria-label=${words.changePlan} @submit=${(e: Event) => void this.save(e, s, d)} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') this.edit(undefined); }}>
      ${this.others(s)}
      <div class="fields">${planFields(d, words, language.locale, { rooms: [], base: home, begun: s.state !== 'planned', upload: (take) => html`<studio-show-picture .studio=${this.studio} .take=${take}></studio-show-picture>`, edit: (to) => { this.draft = to; this.wrong = ''; } })}</div>
      ${this.wrong ? html`<p class="trouble" role="alert">${this.wrong}</p>` : nothing}
      <div class="acts"><button type="submit" class="loud" ?disabled=${this.busy}>${this.clash ? words.saveOver : words.savePlan}</button><button type="button" @click=${() => this.edit(undefined)}>${words.leavePlan}</button></div>
    </form>`;
  }

  private others(s: Show): TemplateResult | typeof nothing {
    if (!this.clash) return nothing;
    const words = wordsOf(this.studio.language);
    const { person, token } = this.studio.me;
    const { by, news } = this.clash;
    const mine = by.id !== undefined && by.id === (person || token);
    return html`<div class="clash" role="alert"><p><b>${mine ? words.planSelf : say(words.planDid, { who: by.name || words.somebody })}</b> ${words.clashSafe}</p>
      <ul>${news.map((n) => html`<li dir="auto">${n}</li>`)}</ul>
      <button type="button" @click=${() => this.edit(draftOf(s, this.zone))}>${words.takeTheirs}</button></div>`;
  }

  private edit(d: Draft | undefined): void {
    this.draft = d;
    this.wrong = '';
    this.clash = undefined;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(d ? '[name=title]' : '.change')?.focus());
  }

  private async read(): Promise<void> {
    const answer = await this.studio.client.GET('/api/v1/shows/{show}', { params: { path: { show: this.show } } });
    this.gone = answer.response.status === 404;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data || answer.data.id !== this.show || this.draft) return;
    this.known = answer.data;
    const room = await this.studio.client.GET('/api/v1/rooms/{room}', { params: { path: { room: answer.data.room } } });
    this.room = room.data;
  }

  /** Sends what was changed alone: what others have changed meanwhile stays. */
  private async save(e: Event, s: Show, d: Draft): Promise<void> {
    e.preventDefault();
    const words = wordsOf(this.studio.language);
    const was = draftOf(s, this.zone);
    const moment = momentOf(d);
    if (half(d) || (d.date && !moment)) {
      this.wrong = words.halfTime;
      return;
    }
    const timed = d.date !== was.date || d.time !== was.time || d.zone !== was.zone;
    const body = {
      ...(d.title.trim() === was.title ? {} : { title: d.title.trim() || null }),
      ...(d.picture.trim() === was.picture ? {} : { picture: d.picture.trim() || null }),
      ...(timed ? { starts_at: moment?.at.toISOString() ?? null, timezone: d.zone } : {}),
      ...(d.rehearsal === was.rehearsal ? {} : { rehearsal: d.rehearsal }),
    };
    if (!Object.keys(body).length) return this.edit(undefined);
    this.busy = true;
    const answer = await this.studio.client.PATCH('/api/v1/shows/{show}', { params: { path: { show: s.id } }, body: { rev: s.rev, ...body } });
    const refused = answer.response.status === 409 && (await this.meet(s, d));
    this.busy = false;
    if (refused) return;
    this.wrong = this.studio.wrong(answer);
    if (!answer.data) return;
    this.known = answer.data;
    this.edit(undefined);
    this.studio.tell(words.planSaved);
  }

  /** Shows what somebody else has made of the plan, and puts what was typed on top of it; false: nobody has changed it. */
  private async meet(s: Show, d: Draft): Promise<boolean> {
    const { data: now } = await this.studio.client.GET('/api/v1/shows/{show}', { params: { path: { show: s.id } } });
    if (!now || now.rev === s.rev || this.show !== s.id) return false;
    const { language } = this.studio;
    this.draft = onto(d, draftOf(s, this.zone), draftOf(now, this.zone));
    this.known = now;
    this.wrong = '';
    this.clash = { by: now.by ?? { name: '' }, news: planNews(s, now, wordsOf(language), language.locale) };
    return true;
  }

  private async end(s: Show): Promise<string> {
    const { client, wrong, tell, language } = this.studio;
    const words = wordsOf(language);
    const now = await client.GET('/api/v1/rooms/{room}', { params: { path: { room: s.room } } });
    if (!now.data) return wrong(now);
    if (now.data.show?.id === s.id) { // else it has ended already: the room's next one is left alone
      const answer = await client.POST('/api/v1/rooms/{room}/end', { params: { path: { room: s.room } } });
      if (!answer.response.ok) return wrong(answer);
    }
    tell(say(words.hasEnded, { show: s.title }));
    await this.read();
    return '';
  }

  private async takeBack(s: Show): Promise<string> {
    const answer = await this.studio.client.DELETE('/api/v1/shows/{show}', { params: { path: { show: s.id } } });
    const words = wordsOf(this.studio.language);
    const wrong = this.studio.wrong(answer);
    if (!wrong) {
      this.studio.tell(say(words.takenBack, { show: s.title }));
      this.studio.go('shows');
    }
    return wrong;
  }
}

customElements.define('studio-show', ShowPage);
