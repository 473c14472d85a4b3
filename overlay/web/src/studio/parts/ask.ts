import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Words } from '../../generated/strings/studio.ts';

/**
 * `<studio-ask>`: a button for what cannot be undone. It asks once, in its place: `label` is on the button, with the dots of what asks first, `question` names what is destroyed, `yes` is on the button
 * that does it. `act` gives why it was not done, which is shown there; "": it was.
 */
export class Ask extends LitElement {
  @property() label = '';
  @property() question = '';
  @property() yes = '';
  /** For screen readers: what the label is about, where the words around it do not say it. */
  @property() what = '';
  @property({ attribute: false }) words!: Words;
  @property({ attribute: false }) act!: () => Promise<string>;
  @state() private asking = false;
  @state() private busy = false;
  @state() private trouble = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { words } = this;
    if (!this.asking) return html`<button type="button" class="grave" @click=${() => this.turn(true)}>${this.label.replace(/…$/, '')}…${this.what ? html`<span class="sr">: ${this.what}</span>` : nothing}</button>`;
    return html`<div class="ask" role="group" aria-label=${this.question} @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') this.turn(false); }}>
      <p>${this.question}</p>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="acts">
        <button type="button" class="keep" @click=${() => this.turn(false)}>${words.keepIt}</button>
        <button type="button" class="danger" ?disabled=${this.busy} @click=${() => void this.go()}>${this.yes}</button>
      </div>
    </div>`;
  }

  private turn(asking: boolean): void {
    this.asking = asking;
    this.trouble = '';
    // The harmless answer has the focus.
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(asking ? '.keep' : 'button')?.focus());
  }

  private async go(): Promise<void> {
    this.busy = true;
    this.trouble = await this.act();
    this.busy = false;
    if (!this.trouble) this.asking = false;
  }
}

customElements.define('studio-ask', Ask);
