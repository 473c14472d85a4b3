import { html, type TemplateResult } from 'lit';
import type { Words } from './words.ts';

/** Where one is in an import: 0 to 2, and 3 when it is done. */
export const steps = (at: number, words: Words): TemplateResult => html`<ol class="steps" aria-label=${words.steps}>
  ${[words.stepGive, words.stepLook, words.stepApply].map((name, i) => html`<li aria-current=${i === at ? 'step' : 'false'} data-done=${i < at}>${name}</li>`)}</ol>`;
