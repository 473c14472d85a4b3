import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { home } from '../../shared/server.ts';
import type { Schemas, Studio } from '../context.ts';
import '../parts/copy.ts';
import { frameCode, isOwnMachine, scriptCode, shownAt, themed } from './code.ts';
import { wordsOf } from './words.ts';

/** `<studio-embed>`: code for the shop's own page, with the player as it stands there. */
export class Embed extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) room!: Schemas['RoomBody'];
  @state() private way: 'script' | 'frame' = 'script';
  @state() private theme: '' | 'light' | 'dark' = '';
  @state() private shown = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { room, studio, way } = this;
    const words = wordsOf(studio.language);
    const text = way === 'script' ? scriptCode(room, this.theme) : frameCode(room, this.theme);
    return html`<section class="sheet embed" aria-labelledby="embed-head">
      <h2 id="embed-head">${words.embedHead}</h2>
      <div class="fields">
        <label class="field"><span>${words.embedWay}</span><select name="way" @change=${(e: Event) => (this.way = (e.target as HTMLSelectElement).value as 'script' | 'frame')}>
          <option value="script">${words.wayScript}</option><option value="frame">${words.wayFrame}</option></select></label>
        <label class="field"><span>${words.embedTheme}</span><select name="theme" @change=${(e: Event) => (this.theme = (e.target as HTMLSelectElement).value as '' | 'light' | 'dark')}>
          <option value="">${words.themeDevice}</option><option value="light">${words.themeLight}</option><option value="dark">${words.themeDark}</option></select></label>
      </div>
      ${isOwnMachine(way === 'script' ? room.pages.script : room.pages.embed) ? html`<p class="warn small">${words.ownMachinePage}</p>` : nothing}
      <pre tabindex="0" dir="ltr" aria-label=${words.embedHead}><code>${text}</code></pre>
      <div class="acts"><studio-copy .words=${studio.language.words} .text=${text} .what=${words.embedHead}></studio-copy>
        <button type="button" class="preview" aria-expanded=${this.shown} @click=${() => (this.shown = !this.shown)}>${this.shown ? words.hidePreview : words.showPreview}</button></div>
      ${this.shown ? html`<div class="window" data-theme=${this.theme}><p>${words.previewFrame}</p><div><div class="page" aria-hidden="true"><i></i><i></i></div><div class="screen"><iframe class="shop" src=${themed(shownAt(`${home}/embed/${encodeURIComponent(room.slug)}`, studio.language.locale), this.theme)} title=${words.previewFrame} allow="autoplay; fullscreen"></iframe></div><div class="page" aria-hidden="true"><i></i><i></i></div></div></div>` : nothing}
      <details><summary>${words.paperHead}</summary><p class="soft small">${words.paperWhy}</p><img class="paper" src=${`${home}/qr/${encodeURIComponent(room.slug)}.svg`} alt=${words.paperAlt} width="180" height="180" /></details>
    </section>`;
  }
}

customElements.define('studio-embed', Embed);
