import { html, nothing, type TemplateResult } from 'lit';

/** What stands in the place of something that is not there: a deleted room, the address of a show mistyped. */
export const missing = (icon: TemplateResult, head: string, why: string, step: TemplateResult): TemplateResult =>
  html`<div class="empty" role="alert"><span class="sign">${icon}</span><h1>${head}</h1><p>${why}</p>${step}</div>`;

/** What stands where there is nothing yet: what belongs here, why it is worth it, and the one next step. */
export const empty = (icon: TemplateResult, head: string, why: string, step?: TemplateResult): TemplateResult =>
  html`<div class="empty"><span class="sign">${icon}</span><h2>${head}</h2><p>${why}</p>${step ?? nothing}</div>`;
