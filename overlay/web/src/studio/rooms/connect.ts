import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import { renderSVG } from 'uqr';
import type { Schemas, Studio } from '../context.ts';
import '../parts/ask.ts';
import '../parts/copy.ts';
import { newKey } from '../parts/once.ts';
import '../parts/secret.ts';
import { isOwnMachine, larixLink } from './code.ts';
import { Wide } from '../parts/wide.ts';
import { wordsOf } from './words.ts';

/** `<studio-connect>`: what somebody copies into OBS, or scans with a phone. A phone gets a link to an app first, for nobody scans their own screen. The key is asked for when somebody wants it, for the audit notes who saw it. */
export class Connect extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) room!: Schemas['RoomBody'];
  /** Whether it is closed at first. */
  @property({ attribute: false }) folded = false;
  @state() private key = '';
  @state() private phone = false;
  @state() private busy = false;
  @state() private trouble = '';
  private readonly handheld = new Wide(this, '(pointer: coarse) and (max-width: 1023.9px), (max-width: 719.9px)');

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { studio, room, key } = this;
    const words = wordsOf(studio.language);
    const common = studio.language.words;
    const place = room.publish;
    const warning = place && isOwnMachine(place.server) ? html`<p class="warn small">${words.ownMachine}</p>` : nothing;
    const obs = html`<p class="soft">${words.connectHow}</p>
      <ol class="steps">
        <li><h3>${words.server}</h3>${place ? html`<div class="secret"><code dir="ltr" class="server">${place.server}</code><studio-copy .words=${common} .text=${place.server} .what=${words.server}></studio-copy></div>
          ${warning}
          ${place.secure ? html`<details><summary>${words.byTls}</summary><div class="secret"><code dir="ltr">${place.secure}</code><studio-copy .words=${common} .text=${place.secure} .what=${words.byTls}></studio-copy></div></details>` : nothing}`
          : html`<p class="soft">${words.noServer}</p>`}</li>
        <li><h3>${words.streamKey}</h3>${key ? html`<studio-secret .words=${common} .value=${key} .what=${words.streamKey}></studio-secret>`
          : html`<button type="button" class="get-key ${room.live || this.handheld.yes ? '' : 'loud'}" ?disabled=${this.busy} @click=${() => void this.reveal('studio-secret .copy')}>${words.getKey}</button>`}
          <p class="soft small">${words.keyWhy}</p></li>
        <li><h3>${words.outputHead}</h3><ul class="small output">${[words.outputMode, words.outputVideo, words.outputRate, words.outputKeys, words.outputOrder, words.outputSound].map((w) => html`<li>${w}</li>`)}</ul></li>
        <li><h3>${words.startHead}</h3><p class="soft small">${words.startHow}</p></li>
      </ol>
      ${place ? this.code(words, place.server) : nothing}`;
    return html`<details class="sheet connect" ?open=${!this.folded}><summary><h2>${words.connectHead}</h2><span class="soft small">${words.connectWhat}</span></summary><div class="stack">
      ${place && this.handheld.yes ? html`${this.app(words, place.server, warning)}<details class="obs-way"><summary>${words.obsWay}</summary><div class="stack">${obs}</div></details>` : obs}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${room.key_fixed ? html`<p class="soft small">${words.keyFixed}</p>`
        : html`<studio-ask .words=${common} .label=${words.newKey} .question=${words.newKeyAsk} .yes=${words.newKeyYes} .act=${() => this.rotate()}></studio-ask>`}
    </div></details>`;
  }

  /** On a phone: a link that opens an app with server and key, and both to copy into any other. */
  private app(words: ReturnType<typeof wordsOf>, server: string, warning: TemplateResult | typeof nothing): TemplateResult {
    const { key, room } = this;
    const common = this.studio.language.words;
    return html`<section class="with-phone" aria-labelledby="phone-head"><h3 id="phone-head">${words.phoneHead}</h3>
      <p class="soft small">${words.phoneHow}</p>${warning}
      <div class="acts">${key ? html`<a class="button open-app ${room.live ? '' : 'loud'}" href=${larixLink(`${server}/${key}`, room.title)}>${words.phoneOpen}</a>`
        : html`<button type="button" class="get-link ${room.live ? '' : 'loud'}" ?disabled=${this.busy} @click=${() => void this.reveal('.open-app')}>${words.phoneKey}</button>`}
        <a class="button" href="https://softvelum.com/larix/" target="_blank" rel="noopener noreferrer">${words.phoneApp}</a></div>
      ${key ? html`<p class="soft small">${words.phoneThen}</p><p class="small">${words.phoneOther}</p>
        <div class="acts"><studio-copy .words=${common} .text=${server} .label=${words.server}></studio-copy><studio-copy .words=${common} .text=${key} .label=${words.streamKey}></studio-copy></div>` : nothing}
      <p class="soft small">${words.keyWhy}</p></section>`;
  }

  /** For encoder apps of phones: server and key in one address, as a QR code. It is a secret, too. */
  private code(words: ReturnType<typeof wordsOf>, server: string): TemplateResult {
    return html`<div class="phone"><button type="button" aria-expanded=${this.phone} @click=${() => void this.scan()}>${this.phone ? words.hideCode : words.showCode}</button>
      ${this.phone && this.key ? html`<p class="soft small">${words.codeHow}</p>
        <div class="code" role="img" aria-label=${words.codeLabel}>${unsafeSVG(renderSVG(`${server}/${this.key}`, { border: 3, ecc: 'M' }))}</div>
        <p class="soft small">${words.codeSecret}</p>` : nothing}</div>`;
  }

  private async reveal(then: string): Promise<void> {
    this.busy = true;
    const answer = await this.studio.client.GET('/api/v1/rooms/{room}/key', { params: { path: { room: this.room.slug } } });
    this.busy = false;
    this.trouble = this.studio.wrong(answer);
    if (!answer.data) return;
    this.key = answer.data.stream_key;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(then)?.focus()); // the button that was pressed is gone
  }

  private async scan(): Promise<void> {
    if (!this.phone && !this.key) {
      await this.reveal('.phone button');
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
