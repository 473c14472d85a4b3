import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { home } from '../../shared/server.ts';
import type { Schemas, Studio } from '../context.ts';
import { newKey } from '../parts/once.ts';
import { hashOf } from '../route.ts';
import './picture.ts';
import { emptyDraft, half, momentOf, planFields, type Draft } from './plan-form.ts';
import { wordsOf, type Show } from './words.ts';

const former = 50; // shows whose line-up is offered

/** `<studio-show-new>`: plans a show, with the line-up of a former one if one likes. */
export class NewShow extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  /** The day that it begins with; "": none. */
  @property({ attribute: false }) date = '';
  @state() private draft: Draft | undefined;
  @state() private rooms: readonly Schemas['RoomBody'][] | undefined;
  @state() private former: readonly Show[] = [];
  @state() private trouble = '';
  @state() private busy = false;
  private readonly key = newKey();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.read();
  }

  protected override render(): TemplateResult {
    const { studio: { language }, rooms, draft } = this;
    const words = wordsOf(language);
    const head = html`<div class="head"><h1>${words.planShow}</h1><p>${words.planWhy}</p></div>`;
    if (!rooms || !draft) return html`${head}${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : html`<p class="soft" role="status">${language.words.loadingPart}</p>`}`;
    if (!rooms.length) return html`${head}<div class="sheet"><p>${words.noRoom} <a href=${hashOf('rooms')}>${words.toRooms}</a></p></div>`;
    return html`${head}<form class="sheet plan" @submit=${(e: Event) => void this.send(e)}>
      <div class="fields">${planFields(draft, words, language.locale, { rooms, former: this.former, base: home, begun: false, upload: (take) => html`<studio-show-picture .studio=${this.studio} .take=${take}></studio-show-picture>`, edit: (d) => { this.draft = d; this.trouble = ''; } })}</div>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="acts"><button type="submit" class="loud" ?disabled=${this.busy}>${words.planNow}</button><a class="button" href=${hashOf('shows')}>${words.leavePlan}</a></div>
    </form>`;
  }

  private async read(): Promise<void> {
    const { client, org, orgs } = this.studio;
    const [rooms, shows] = await Promise.all([
      client.GET('/api/v1/rooms', { params: { query: { org, limit: 100 } } }),
      client.GET('/api/v1/shows', { params: { query: { org, limit: former } } }),
    ]);
    this.trouble = this.studio.wrong(rooms);
    this.former = (shows.data?.items ?? []).filter((s) => s.lineup_rev > 0);
    if (!rooms.data) return;
    this.rooms = (rooms.data.items ?? []).filter((r) => this.studio.may('run', r.org, r.slug));
    const zone = orgs.find((o) => o.id === org)?.timezone ?? '';
    this.draft = emptyDraft(this.rooms[0]?.slug ?? '', zone, /^\d{4}-\d\d-\d\d$/.test(this.date) ? this.date : '');
  }

  private async send(e: Event): Promise<void> {
    e.preventDefault();
    const d = this.draft;
    const words = wordsOf(this.studio.language);
    if (!d) return;
    const moment = momentOf(d);
    if (half(d) || (d.date && !moment)) {
      this.trouble = words.halfTime;
      this.querySelector<HTMLElement>(d.date ? '[name=time]' : '[name=date]')?.focus();
      return;
    }
    this.busy = true;
    this.trouble = '';
    const answer = await this.studio.client.POST('/api/v1/shows', {
      params: { header: { 'Idempotency-Key': this.key } },
      body: { room: d.room, rehearsal: d.rehearsal, timezone: d.zone, ...(d.title.trim() ? { title: d.title.trim() } : {}), ...(moment ? { starts_at: moment.at.toISOString() } : {}), ...(d.picture.trim() ? { picture: d.picture.trim() } : {}) },
    });
    if (!answer.data) {
      this.busy = false;
      this.trouble = this.studio.wrong(answer);
      return;
    }
    const show = answer.data;
    if (d.copy) {
      const copied = await this.studio.client.PUT('/api/v1/shows/{show}/lineup', { params: { path: { show: show.id } }, body: { copy_from: d.copy } });
      if (!copied.data) this.studio.tell(words.copyFailed);
    }
    this.studio.go(`shows/${show.id}`);
  }
}

customElements.define('studio-show-new', NewShow);
