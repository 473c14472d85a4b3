import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import { newKey } from '../parts/once.ts';
import { bytes } from '../parts/size.ts';
import { wordsOf } from './words.ts';

const every = 1000;

/** `<studio-download>`: a button that has one MP4 made of a recording, or, with a product, of its clip; then the file. */
export class DownloadButton extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property() show = '';
  @property() product = '';
  @property() label = '';
  @property() what = '';
  @state() private file: Schemas['Download'] | undefined;
  @state() private trouble = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.file && running(this.file)) void this.look();
  }

  protected override render(): TemplateResult {
    const { language } = this.studio;
    const words = wordsOf(language);
    const { file } = this;
    const name = this.what ? html`<span class="sr">: ${this.what}</span>` : nothing;
    const trouble = this.trouble || (file?.state === 'failed' ? say(words.downloadFailed, { why: file.problem ?? '' }) : '');
    return html`${file?.state === 'done' ? html`<a class="button loud" href=${file.file ?? ''} download>${say(words.saveFile, { size: bytes(file.bytes ?? 0, language.locale) })}${name}</a>`
      : file && running(file) ? html`<span class="making" role="status"><progress max="1" .value=${file.progress} aria-label=${words.making}></progress> ${words.making}</span>`
      : html`<button type="button" class="make" @click=${() => void this.begin()}>${this.label}${name}</button>`}
      ${trouble ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing}`;
  }

  private async begin(): Promise<void> {
    const answer = await this.studio.client.POST('/api/v1/shows/{show}/download', {
      params: { path: { show: this.show }, header: { 'Idempotency-Key': newKey() } }, body: this.product ? { product: this.product } : {},
    });
    this.trouble = this.studio.wrong(answer);
    this.file = answer.data;
    if (this.file) this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), every);
  }

  private async look(): Promise<void> {
    if (!this.file) return;
    const answer = await this.studio.client.GET('/api/v1/shows/{show}/download/{id}', { params: { path: { show: this.show, id: this.file.id } } });
    this.trouble = this.studio.wrong(answer);
    if (answer.data) this.file = answer.data;
    else if (answer.response.status === 404) this.file = undefined;
    if (this.file && running(this.file) && this.isConnected) this.later();
    else if (this.file?.state === 'done') void this.updateComplete.then(() => this.querySelector<HTMLElement>('a')?.focus({ preventScroll: true }));
  }
}

const running = (d: Schemas['Download']): boolean => d.state === 'waiting' || d.state === 'running';

customElements.define('studio-download', DownloadButton);
