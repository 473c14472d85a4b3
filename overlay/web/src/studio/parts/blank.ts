import { html, type TemplateResult } from 'lit';

/** What stands for the picture of a product that has none: the first letter of its title. */
export const blankOf = (title: string): TemplateResult => html`<span class="blank" aria-hidden="true">${[...title][0] ?? ''}</span>`;
