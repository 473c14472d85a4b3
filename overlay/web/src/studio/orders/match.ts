import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Answer, Studio } from '../context.ts';
import { moment } from '../parts/when.ts';
import { hashOf } from '../route.ts';
import { why } from './answer.ts';
import { Fits, type Fit } from './fits.ts';
import { beginning, nearest, type Show } from './nearest.ts';
import { when, wordsOf, type Story } from './words.ts';

/** `<order-show>`: which show an order came from, and the way to say it. `changed` is told when it has changed. */
export class OrderShow extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) order!: Story;
  @property({ attribute: false }) changed!: () => Promise<void>;
  @state() private shows: readonly Show[] | undefined;
  @state() private fits: readonly Fit[] = [];
  @state() private called = '';
  @state() private open = false;
  @state() private busy = false;
  @state() private trouble = '';
  private read = ''; // the show whose title this is

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(): void {
    const { show } = this.order;
    if (show && show !== this.read) void this.name(show);
    if (this.choosing && !this.shows && !this.busy && !this.trouble) void this.readShows();
  }

  private get may(): boolean {
    return this.studio.may('own', this.order.org);
  }

  /** There is something to say, and one may say it. */
  private get choosing(): boolean {
    return this.may && (this.open || (!this.order.show && !this.order.by_hand));
  }

  protected override render(): TemplateResult {
    const { order: o, studio } = this;
    const words = wordsOf(studio.language);
    return html`<h2>${words.showHead}</h2>
      ${o.show ? html`<p class="of"><a href=${hashOf(`shows/${o.show}`)}><strong>${this.called || '…'}</strong></a></p><p class="soft">${o.by_hand ? words.byHand : say(o.replay ? words.byClickReplay : words.byClickLive, { product: o.card || words.aProduct })}</p>`
        : o.by_hand ? html`<p>${words.noneByHand}</p>` : html`<p class="warn">${words.unknownWhy}</p>`}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${this.choosing ? this.form() : this.may ? html`<div class="acts"><button type="button" class="other" @click=${() => this.turn(true)}>${words.otherShow}</button>
          ${o.by_hand ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => void this.takeBack()}>${words.takeBack}</button>` : nothing}</div>`
        : o.show || o.by_hand ? nothing : html`<p class="soft">${words.ownersMatch}</p>`}`;
  }

  private form(): TemplateResult {
    const { order: o, studio: { language }, shows, fits } = this;
    const words = wordsOf(language);
    const option = (s: Show): TemplateResult => html`<option value=${s.id} ?selected=${s.id === o.show}>${s.title} · ${s.room}${beginning(s) ? ` · ${moment(beginning(s)!, language.locale)}` : ''}</option>`;
    if (!shows) return html`<p class="soft" role="status">${language.words.loadingPart}</p>`;
    return html`<form @submit=${(e: SubmitEvent) => { e.preventDefault(); void this.say(String(new FormData(e.target as HTMLFormElement).get('show'))); }} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape' && this.open) this.turn(false); }}>
      ${shows.length ? html`<label class="field"><span>${words.chooseShow}</span><select name="show" required>
          <option value="" ?selected=${!o.show}>${words.choose}</option>
          ${fits.length ? html`<optgroup label=${words.chooseFits}>${fits.map(({ show }) => option(show))}</optgroup><optgroup label=${words.chooseOthers}>${shows.filter((s) => !fits.some((f) => f.show.id === s.id)).map(option)}</optgroup>` : shows.map(option)}</select>
          <small>${fits.length ? fits.map((f) => html`${say(words.fitOf, { show: f.show.title, why: why(f, this.studio) })} `) : o.lines?.length ? words.fitsNone : words.fitsUnknown}</small></label>` : html`<p class="soft">${words.noShows}</p>`}
      <div class="acts">${shows.length ? html`<button type="submit" class="loud" ?disabled=${this.busy}>${words.matchNow}</button>` : nothing}
        <button type="button" class="none" ?disabled=${this.busy} @click=${() => void this.say('')}>${words.matchNone}</button>
        ${this.open ? html`<button type="button" @click=${() => this.turn(false)}>${language.words.keepIt}</button>` : nothing}</div></form>`;
  }

  private turn(open: boolean): void {
    this.open = open;
    this.trouble = '';
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(open ? 'select' : '.other')?.focus());
  }

  private async name(show: string): Promise<void> {
    this.read = show;
    this.called = '';
    const { data } = await this.studio.client.GET('/api/v1/shows/{show}', { params: { path: { show } } });
    if (this.read === show) this.called = data?.title ?? wordsOf(this.studio.language).pastShow;
  }

  private async readShows(): Promise<void> {
    this.busy = true;
    const answer = await this.studio.client.GET('/api/v1/shows', { params: { query: { org: this.studio.org, limit: 100 } } });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return;
    this.shows = nearest(answer.data.items ?? [], when(this.order));
    this.fits = await new Fits(this.studio).of(this.order, this.order.lines ?? [], this.shows);
  }

  private put(show: string): Promise<Answer> {
    return this.studio.client.PUT('/api/v1/orders/{order}/show', { params: { path: { order: this.order.id } }, body: { show: show || null } });
  }

  private forget(): Promise<Answer> {
    return this.studio.client.DELETE('/api/v1/orders/{order}/show', { params: { path: { order: this.order.id } } });
  }

  private async say(show: string): Promise<void> {
    const words = wordsOf(this.studio.language);
    const title = this.shows?.find((s) => s.id === show)?.title ?? '';
    await this.send(() => this.put(show), show ? say(words.matched, { show: title }) : words.matchedNone);
  }

  private async takeBack(): Promise<void> {
    const words = wordsOf(this.studio.language);
    await this.send(() => this.forget(), words.tookBack);
  }

  /** Sends what is said, with the way back to what was said before, or to nothing. */
  private async send(what: () => Promise<Answer>, told: string): Promise<void> {
    const { order: before, studio } = this;
    this.busy = true;
    const answer = await what();
    this.busy = false;
    this.trouble = studio.wrong(answer);
    if (this.trouble) return;
    this.open = false;
    await this.changed();
    studio.tell(told, async () => {
      this.trouble = studio.wrong(await (before.by_hand ? this.put(before.show ?? '') : this.forget()));
      await this.changed();
    });
    await this.updateComplete;
    this.querySelector<HTMLElement>('.other, select')?.focus();
  }
}

customElements.define('order-show', OrderShow);
