import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import table from '../../generated/strings/studio-air.ts';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { newKey } from '../parts/once.ts';
import type { Line } from '../shows/change.ts';

/** `<studio-skip>`: moves a show on past lines that are sold out, as “Next” does it: what the present line has pinned is taken down. */
export class Skip extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) room = '';
  /** The line to show. */
  @property({ attribute: false }) to!: Line;
  /** The product of the present line, and whether it is pinned. */
  @property({ attribute: false }) from = '';
  @property({ attribute: false }) pinned = false;
  @property({ attribute: false }) done!: () => void;
  @state() private busy = false;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const words = this.studio.language.in(table);
    return html`<button type="button" ?disabled=${this.busy} @click=${() => void this.go()}>${say(words.skipTo, { what: this.to.goods.title })}</button>
      <p class="soft small">${words.skipWhy}</p>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}`;
  }

  private async go(): Promise<void> {
    const { studio, to, from, pinned, done } = this;
    const words = studio.language.in(table);
    this.busy = true;
    this.trouble = await this.show(to.product);
    if (!this.trouble && pinned) this.trouble = await this.takeDown(from);
    this.busy = false;
    done();
    if (this.trouble) return;
    studio.tell(say(words.skipped, { what: to.goods.title }), async () => {
      const wrong = await this.takeDown(to.product, from) || (pinned ? await this.show(from) : '');
      if (wrong) studio.tell(wrong);
      done();
    });
  }

  private async show(product: string): Promise<string> {
    return this.studio.wrong(await this.studio.client.POST('/api/v1/rooms/{room}/pins', { params: { path: { room: this.room }, header: { 'Idempotency-Key': newKey() } }, body: { product } }));
  }

  private async takeDown(id: string, line?: string): Promise<string> {
    const answer = await this.studio.client.DELETE('/api/v1/rooms/{room}/pins/{id}', { params: { path: { room: this.room, id } }, ...(line === undefined ? {} : { body: { line } }) });
    return answer.response.status === 404 || answer.response.status === 409 ? '' : this.studio.wrong(answer); // somebody else was faster
  }
}

customElements.define('studio-skip', Skip);
