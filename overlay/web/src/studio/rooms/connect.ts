import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import { renderSVG } from 'uqr';
import type { Schemas, Studio } from '../context.ts';
import '../parts/ask.ts';
import '../parts/copy.ts';
import { newKey } from '../parts/once.ts';
import '../parts/secret.ts';
import { isOwnMachine } from './code.ts';
import { wordsOf } from './words.ts';

/** `<studio-connect>`: what somebody copies into OBS, or scans with a phone. The key is asked for when somebody wants it, for the audit notes who saw it. */
export class Connect extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) room!: Schemas['RoomBody'];
  /** Whether it is closed at first. */
  @property({ attribute: false }) folded = false;
  @state() private key = '';
  @state() private phone = false;
  @state() private busy = false;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { studio, room, key } = this;
    const words = wordsOf(studio.language);
    const common = studio.language.words;
    const place = room.publish;
    return html`<details class="sheet connect" ?open=${!this.folded}><summary><h2>${words.connectHead}</h2><span class="soft small">${words.connectWhat}</span></summary><div class="stack">
      <p class="soft">${words.connectHow}</p>
      <ol class="steps">
        <li><h3>${words.server}</h3>${place ? html`<div class="secret"><code dir="ltr" class="server">${place.server}</code><studio-copy .words=${common} .text=${place.server} .what=${words.server}></studio-copy></div>
          ${isOwnMachine(place.server) ? html`<p class="soft small">${words.ownMachine}</p>` : nothing}
          ${place.secure ? html`<details><summary>${words.byTls}</summary><div class="secret"><code dir="ltr">${place.secure}</code><studio-copy .words=${common} .text=${place.secure} .what=${words.byTls}></studio-copy></div></details>` : nothing}`
          : html`<p class="soft">${words.noServer}</p>`}</li>
        <li><h3>${words.streamKey}</h3>${key ? html`<studio-secret .words=${common} .value=${key} .what=${words.streamKey}></studio-secret>`
          : html`<button type="button" class="get-key ${room.live ? '' : 'loud'}" ?disabled=${this.busy} @click=${() => void this.reveal()}>${words.getKey}</button>`}
          <p class="soft small">${words.keyWhy}</p></li>
        <li><h3>${words.outputHead}</h3><ul class="small output">${[words.outputMode, words.outputVideo, words.outputRate, words.outputKeys, words.outputOrder, words.outputSound].map((w) => html`<li>${w}</li>`)}</ul></li>
        <li><h3>${words.startHead}</h3><p class="soft small">${words.startHow}</p></li>
      </ol>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${place ? this.code(words, place.server) : nothing}
      ${room.key_fixed ? html`<p class="soft small">${words.keyFixed}</p>`
        : html`<studio-ask .words=${common} .label=${words.newKey} .question=${words.newKeyAsk} .yes=${words.newKeyYes} .act=${() => this.rotate()}></studio-ask>`}
    </div></details>`;
  }

  /** For encoder apps of phones: server and key in one address, as a QR code. It is a secret, too. */
  private code(words: ReturnType<typeof wordsOf>, server: string): TemplateResult {
    return html`<div class="phone"><button type="button" aria-expanded=${this.phone} @click=${() => void this.scan()}>${this.phone ? words.hideCode : words.showCode}</button>
      ${this.phone && this.key ? html`<p class="soft small">${words.codeHow}</p>
        <div class="code" role="img" aria-label=${words.codeLabel}>${unsafeSVG(renderSVG(`${server}/${this.key}`, { border: 3, ecc: 'M' }))}</div>
        <p class="soft small">${words.codeSecret}</p>` : nothing}</div>`;
  }

  private async reveal(): Promise<void> {
    this.busy = true;
    const answer = await this.studio.client.GET('/api/v1/rooms/{room}/key', { params: { path: { room: this.room.slug } } });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return;
    this.key = answer.data.stream_key;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('studio-secret .copy')?.focus()); // the button that was pressed is gone
  }

  private async scan(): Promise<void> {
    if (!this.phone && !this.key) {
      await this.reveal();
      if (!this.key) return;
    }
    this.phone = !this.phone;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.phone button')?.focus());
  }

  private async rotate(): Promise<string> {
    const answer = await this.studio.client.POST('/api/v1/rooms/{room}/key', { params: { path: { room: this.room.slug }, header: { 'Idempotency-Key': newKey() } } });
    if (!answer.data) return this.studio.wrong(answer);
    this.key = answer.data.stream_key;
    const words = wordsOf(this.studio.language);
    this.studio.tell(words.keyIsNew);
    return '';
  }
}

customElements.define('studio-connect', Connect);
