import { html, nothing, type TemplateResult } from 'lit';

/** What stands where there is nothing yet: what belongs here, why it is worth it, and the one next step. */
export const empty = (icon: TemplateResult, head: string, why: string, step?: TemplateResult): TemplateResult =>
  html`<div class="empty"><span class="sign">${icon}</span><h2>${head}</h2><p>${why}</p>${step ?? nothing}</div>`;
