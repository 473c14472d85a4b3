import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Studio } from '../context.ts';
import { newKey } from '../parts/once.ts';
import { slugFor } from './slug.ts';
import { wordsOf } from './words.ts';

/** `<studio-open-room>`: the form for a new room. Its address follows its name until somebody writes one. */
export class OpenRoom extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) close!: () => void;
  @state() private slug = '';
  @state() private own = false;
  @state() private trouble = '';
  @state() private busy = false;
  private key = newKey();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    this.querySelector('input')?.focus();
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.studio.language);
    return html`<form class="sheet fields two" @submit=${(e: SubmitEvent) => void this.send(e)} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') this.close(); }}>
      <h2 class="wide">${words.openRoom}</h2>
      <label class="field"><span>${words.roomTitle}</span><input name="title" maxlength="150" required placeholder=${words.titleExample} @input=${(e: InputEvent) => this.named((e.target as HTMLInputElement).value)} /><small>${words.titleWhy}</small></label>
      <label class="field"><span>${words.roomSlug}</span><input name="slug" maxlength="64" pattern="[a-z0-9]([a-z0-9\\-]*[a-z0-9])?" required dir="ltr" autocapitalize="none" spellcheck="false" .value=${this.slug}
        @input=${(e: InputEvent) => { this.slug = (e.target as HTMLInputElement).value.toLowerCase(); this.own = this.slug !== ''; }} /><small>${words.slugWhy}</small></label>
      <div class="wide acts"><button class="loud" type="submit" ?disabled=${this.busy}>${words.openIt}</button><button type="button" @click=${() => this.close()}>${this.studio.language.words.keepIt}</button></div>
      ${this.trouble ? html`<p class="wide trouble" role="alert">${this.trouble}</p>` : nothing}
    </form>`;
  }

  private named(title: string): void {
    if (!this.own) this.slug = slugFor(title);
  }

  private async send(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const { studio } = this;
    const title = String(new FormData(e.target as HTMLFormElement).get('title'));
    this.busy = true;
    const answer = await studio.client.POST('/api/v1/rooms', { params: { header: { 'Idempotency-Key': this.key } }, body: { slug: this.slug, title, org: studio.org } });
    this.busy = false;
    if (answer.data) return studio.go(`rooms/${answer.data.slug}`);
    this.trouble = studio.wrong(answer);
    if (answer.response.status !== 503) this.key = newKey(); // what was refused is another request when it is changed
  }
}

customElements.define('studio-open-room', OpenRoom);
