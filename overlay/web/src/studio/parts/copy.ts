import { LitElement, html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Words } from '../../generated/strings/studio.ts';
import { icons } from './icons.ts';

const toldFor = 2000;

/** `<studio-copy>`: a button that copies `text`, and says whether it did. `what` names it for screen readers. */
export class Copy extends LitElement {
  @property() text = '';
  @property() what = '';
  /** What stands on the button; “Copy” if it is empty. */
  @property() label = '';
  @property({ attribute: false }) words!: Words;
  @state() private done: boolean | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override render(): TemplateResult {
    const { words, done } = this;
    const told = done === undefined ? this.label || words.copyThis : done ? words.copiedNow : words.copyFailed;
    return html`<button type="button" class="copy" data-done=${String(done)} @click=${() => void this.copy()}>
      ${done ? icons.done : icons.copy}<span aria-live="polite">${told}</span>${this.what ? html`<span class="sr">: ${this.what}</span>` : ''}
    </button>`;
  }

  private async copy(): Promise<void> {
    this.done = await written(this.text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.done = undefined), toldFor);
  }
}

/** Browsers give no clipboard to pages that came over plain HTTP, except from this machine; there the older way still works. */
async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    const before = document.activeElement;
    field.value = text;
    field.style.position = 'fixed';
    field.style.opacity = '0';
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    if (before instanceof HTMLElement) before.focus();
    return done;
  }
}

customElements.define('studio-copy', Copy);
