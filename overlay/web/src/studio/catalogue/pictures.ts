import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { uploaded } from '../parts/upload.ts';
import { picture, wordsOf } from './words.ts';

const most = 11; // the first, and ten more

/** `<catalogue-pictures>`: the pictures of a product, the first one on its card. It tells each change by the event `changed`. */
export class Pictures extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) all: readonly string[] = [];
  @state() private sending = '';
  @state() private trouble = '';
  @state() private over = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.studio.language);
    return html`<section class="sheet pictures"><h2>${words.picturesHead}</h2><p class="soft small">${words.picturesWhy}</p>
      <ul>${this.all.map((path, i) => html`<li><img src=${picture(path)} alt=${say(words.pictureAlt, { n: i + 1 })} loading="lazy" />
        ${i ? html`<button type="button" @click=${() => this.set([path, ...this.all.filter((p) => p !== path)])}>${words.pictureFirst}<span class="sr">: ${say(words.pictureAlt, { n: i + 1 })}</span></button>` : html`<span class="good small first">${words.pictureIsFirst}</span>`}
        <button type="button" class="quiet" @click=${() => this.set(this.all.filter((p) => p !== path))}>${words.pictureRemove}<span class="sr">: ${say(words.pictureAlt, { n: i + 1 })}</span></button></li>`)}</ul>
      ${this.all.length < most ? html`<label class="drop" data-over=${this.over} @dragover=${(e: DragEvent) => { e.preventDefault(); this.over = true; }} @dragleave=${() => (this.over = false)}
          @drop=${(e: DragEvent) => { e.preventDefault(); this.over = false; void this.take([...(e.dataTransfer?.files ?? [])]); }}>
          <input type="file" accept="image/*" multiple aria-label=${words.pictureDrop} ?disabled=${!!this.sending} @change=${(e: Event) => this.picked(e.target as HTMLInputElement)} />
          <span role="status">${this.sending ? say(words.pictureSending, { name: this.sending }) : words.pictureDrop}</span></label>
        <div class="with-button"><input type="url" dir="ltr" placeholder="https://" aria-label=${words.pictureAddress} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Enter') { e.preventDefault(); this.address(); } }} /><button type="button" @click=${() => this.address()}>${words.pictureTake}</button></div>` : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}</section>`;
  }

  private set(all: readonly string[]): void {
    this.all = all;
    this.dispatchEvent(new CustomEvent('changed', { detail: all, bubbles: true }));
  }

  private address(): void {
    const field = this.querySelector<HTMLInputElement>('input[type=url]')!;
    const text = field.value.trim();
    const words = wordsOf(this.studio.language);
    const good = /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
    this.trouble = good ? '' : words.badAddress;
    if (!good) return field.focus();
    field.value = '';
    if (!this.all.includes(text)) this.set([...this.all, text]);
  }

  private picked(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])];
    input.value = '';
    void this.take(files);
  }

  private async take(files: readonly File[]): Promise<void> {
    this.trouble = '';
    for (const file of files.slice(0, most - this.all.length)) {
      this.sending = file.name;
      const { path, wrong } = await uploaded(this.studio, file);
      if (path) this.set([...this.all, path]);
      else this.trouble = wrong;
    }
    this.sending = '';
  }
}

customElements.define('catalogue-pictures', Pictures);
