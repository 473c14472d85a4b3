import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { Section } from '../parts/light.ts';
import { day } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import { wordsOf } from './words.ts';

/** `<festival-join>`: an invitation to a festival, which an owner accepts with rooms (`token`); or the rooms with which one takes part (`participation`). */
export class JoinFestival extends Section {
  @property() token = '';
  @property() participation = '';
  @state() private to: Schemas['Participation'] | undefined;
  @state() private rooms: readonly Schemas['RoomBody'][] | undefined;
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private trouble = '';
  @state() private missing = '';
  @state() private busy = false;

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('token') || changed.has('participation')) void this.load();
  }

  protected override render(): TemplateResult {
    const { studio, to, rooms } = this;
    const { language } = studio;
    const words = wordsOf(language);
    const back = html`<a class="back" href=${hashOf('festivals')}>${words.all}</a>`;
    if (this.missing) return html`${back}<div class="empty" role="alert"><p>${this.missing}</p></div>`;
    if (!studio.may('own')) return html`${back}<div class="empty" role="alert"><p>${words.joinOwner}</p></div>`;
    if (!to || !rooms) return html`${back}<p class="soft" role="status">${language.words.loadingPart}</p>`;
    return html`${back}<div class="head"><h1>${this.token ? say(words.joinHead, { name: to.organiser, title: to.festival.title }) : to.festival.title}</h1>
        <p>${say(words.joinWhen, { from: day(to.festival.starts_at, language.locale), to: day(to.festival.ends_at, language.locale) })}</p></div>
      <form class="sheet stack" @submit=${(e: SubmitEvent) => void this.join(e)}>
        ${to.festival.description ? html`<p dir="auto">${to.festival.description}</p>` : nothing}<p>${say(words.joinWhy, { name: to.organiser })}</p>
        ${rooms.length ? html`<fieldset class="choices"><legend>${words.joinRooms}</legend>${rooms.map((r) => html`<label class="check"><input type="checkbox" name="rooms" value=${r.slug} .checked=${this.chosen.has(r.slug)} @change=${(e: Event) => this.choose(r.slug, (e.target as HTMLInputElement).checked)} /><span><bdi>${r.title || r.slug}</bdi> <code class="soft" dir="ltr">${r.slug}</code></span></label>`)}</fieldset>`
          : html`<p class="trouble">${words.joinNoRooms}</p>`}
        ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
        <div class="acts"><button class="loud" type="submit" ?disabled=${this.busy || !rooms.length}>${this.token ? words.join : words.save}</button><a class="button" href=${hashOf('festivals')}>${this.token ? words.joinNo : language.words.keepIt}</a></div></form>`;
  }

  private choose(slug: string, on: boolean): void {
    const next = new Set(this.chosen);
    if (on) next.add(slug);
    else next.delete(slug);
    this.chosen = next;
  }

  private async load(): Promise<void> {
    const { client, org, wrong, may } = this.studio;
    if (!may('own')) return;
    if (this.token) {
      const answer = await client.POST('/api/v1/festival-invitations/read', { body: { token: this.token } });
      if (!answer.data) return void (this.missing = wrong(answer));
      this.to = answer.data;
    } else {
      const answer = await client.GET('/api/v1/participations', { params: { query: { org, limit: 100 } } });
      this.to = answer.data?.items?.find((p) => p.part.id === this.participation);
      if (!this.to) return void (this.missing = wrong(answer) || wordsOf(this.studio.language).gone);
      this.chosen = new Set((this.to.part.rooms ?? []).map((r) => r.slug));
    }
    const rooms = await client.GET('/api/v1/rooms', { params: { query: { org, limit: 100 } } });
    if (!rooms.data) return void (this.missing = wrong(rooms));
    this.rooms = rooms.data.items ?? [];
    if (this.token && this.rooms.length === 1) this.chosen = new Set(this.rooms.map((r) => r.slug));
  }

  private async join(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { client, org, wrong, tell, go, language } = this.studio;
    const words = wordsOf(language);
    const rooms = [...this.chosen];
    if (!rooms.length) return void (this.trouble = words.joinPick);
    this.busy = true;
    const answer = this.token ? await client.POST('/api/v1/festival-invitations/accept', { body: { token: this.token, org, rooms } })
      : await client.PATCH('/api/v1/participations/{participation}', { params: { path: { participation: this.participation } }, body: { rooms } });
    this.busy = false;
    this.trouble = wrong(answer);
    if (!answer.data) return;
    tell(this.token ? words.joined : words.saved);
    go('festivals');
  }
}

customElements.define('festival-join', JoinFestival);
