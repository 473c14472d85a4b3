import { LitElement, html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Words } from '../../generated/strings/studio.ts';
import './copy.ts';

/** `<studio-secret>`: a value that is shown on demand, and can be copied unseen: a key, a token, a link. */
export class Secret extends LitElement {
  @property() value = '';
  @property() what = '';
  @property({ attribute: false }) words!: Words;
  @state() private shown = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { words, value, what, shown } = this;
    return html`<div class="secret" role="group" aria-label=${what}>
      <code dir="ltr">${shown ? value : '•'.repeat(Math.min(16, value.length))}</code>
      <button type="button" aria-pressed=${shown} @click=${() => (this.shown = !shown)}>${shown ? words.hideSecret : words.revealSecret}<span class="sr">: ${what}</span></button>
      <studio-copy .words=${words} .text=${value} .what=${what}></studio-copy>
    </div>`;
  }
}

customElements.define('studio-secret', Secret);
