import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { Studio } from '../context.ts';

/** What all sections are: elements that draw into the page itself, with what the frame gives them. */
export class Section extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) rest: readonly string[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** What is drawn anew loses the focus: gives it to what takes its place. */
  protected focusOn(selector: string): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(selector)?.focus());
  }
}
