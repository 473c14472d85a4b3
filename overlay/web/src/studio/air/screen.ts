import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { Wide } from '../parts/wide.ts';

/** `<studio-screen>`: the picture of a room as viewers see it, small and without sound, on pages that are wide enough. It loads nothing while it is out of sight. */
export class Screen extends LitElement {
  @property() src = '';
  /** What it shows, for screen readers. */
  @property() what = '';
  @state() private seen = false;
  private readonly wide = new Wide(this, '(min-width: 1100px)');
  private readonly eye = new IntersectionObserver((all) => (this.seen = all.at(-1)?.isIntersecting ?? false));

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.eye.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.eye.disconnect();
  }

  protected override render(): TemplateResult | typeof nothing {
    return this.seen && this.wide.yes ? html`<iframe src=${this.src} title=${this.what} allow="autoplay; fullscreen"></iframe>` : nothing;
  }
}

customElements.define('studio-screen', Screen);
