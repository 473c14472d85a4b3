import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Answer, Studio } from '../context.ts';
import { lasting } from '../parts/size.ts';
import { hashOf } from '../route.ts';
import type { Fit, Fits } from './fits.ts';
import type { Show } from './nearest.ts';
import { wordsOf, type Listed } from './words.ts';

/** Why a show fits an order: "Paid during the show. Sweet corn was shown in it." */
export function why({ after, goods }: Fit, studio: Studio): string {
  const { language } = studio;
  const words = wordsOf(language);
  return say(after ? words.fitsAfter : words.fitsDuring, { time: lasting(after / 1000, language.locale), goods: new Intl.ListFormat(language.locale, { type: 'conjunction' }).format(goods) });
}

/** `<order-answer>`: the question which show an order came from, answered in its row: by what fits, by none, and back. */
export class OrderAnswer extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) order!: Listed;
  @property({ attribute: false }) shows!: readonly Show[];
  @property({ attribute: false }) fits!: Fits;
  /** Is told when something was said or taken back. */
  @property({ attribute: false }) changed!: () => void;
  @state() private proposed: readonly Fit[] | undefined;
  @state() private said: string | undefined; // what was answered
  @state() private busy = false;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('shows') && this.shows.length) void this.fits.of(this.order, this.order.lines ?? [], this.shows).then((fits) => (this.proposed = fits));
  }

  protected override render(): TemplateResult {
    const { studio, order: o, proposed } = this;
    const words = wordsOf(studio.language);
    const trouble = this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing;
    if (this.said !== undefined) return html`<p class="answered" role="status">${this.said}</p>${trouble}<div class="acts"><button type="button" class="undo" ?disabled=${this.busy} @click=${() => void this.takeBack()}>${studio.language.words.undoDeed}</button></div>`;
    const one = proposed?.length === 1 ? proposed[0] : undefined;
    return html`<p class="soft">${!proposed ? words.fitsLooking : !proposed.length ? (o.lines?.length ? words.fitsNone : words.fitsUnknown) : one ? why(one, studio) : words.fitsSome}</p>${trouble}
      <div class="acts">${(proposed ?? []).map((f) => html`<button type="button" class="fit" title=${why(f, studio)} ?disabled=${this.busy} @click=${() => void this.say(f.show.id, say(words.matched, { show: f.show.title }))}>${say(words.cameFrom, { show: f.show.title })}</button>`)}
        <button type="button" class="none" ?disabled=${this.busy} @click=${() => void this.say(null, words.matchedNone)}>${words.matchNone}</button>
        <a class="button quiet" href=${hashOf(`orders/${o.id}`)}>${words.toChoose}</a></div>`;
  }

  private async say(show: string | null, told: string): Promise<void> {
    if (await this.send(() => this.studio.client.PUT('/api/v1/orders/{order}/show', { params: { path: { order: this.order.id } }, body: { show } }))) this.said = told;
    this.changed();
    await this.updateComplete;
    this.querySelector<HTMLElement>('.undo')?.focus();
  }

  private async takeBack(): Promise<void> {
    if (await this.send(() => this.studio.client.DELETE('/api/v1/orders/{order}/show', { params: { path: { order: this.order.id } } }))) this.said = undefined;
    this.changed();
    await this.updateComplete;
    this.querySelector<HTMLElement>('button')?.focus();
  }

  private async send(what: () => Promise<Answer>): Promise<boolean> {
    this.busy = true;
    const answer = await what();
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    return !this.trouble;
  }
}

customElements.define('order-answer', OrderAnswer);
