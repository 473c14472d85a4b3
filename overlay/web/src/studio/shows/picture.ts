import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { uploaded } from '../parts/upload.ts';
import { wordsOf } from './words.ts';

/** `<studio-show-picture>`: uploads the picture of a show. */
export class ShowPicture extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) take!: (path: string) => void;
  @state() private sending = '';
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.studio.may('goods')) return nothing; // who may not upload pictures of products neither uploads this one
    const words = wordsOf(this.studio.language);
    return html`<label class="button up"><input type="file" accept="image/*" aria-label=${words.pictureUpload} ?disabled=${!!this.sending} @change=${(e: Event) => void this.send(e.target as HTMLInputElement)} />
        <span role="status">${this.sending ? say(words.pictureSending, { name: this.sending }) : words.pictureUpload}</span></label>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}`;
  }

  private async send(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    this.sending = file.name;
    const { path, wrong } = await uploaded(this.studio, file);
    this.sending = '';
    this.trouble = wrong;
    if (path) this.take(path);
  }
}

customElements.define('studio-show-picture', ShowPicture);
