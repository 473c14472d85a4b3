import { html, nothing, type TemplateResult } from 'lit';
import type { Studio } from '../context.ts';
import type { Pages } from './pages.ts';

/** What stands around the rows of a list: that it loads, that it failed, and the way to what comes next. */
export function listed<T>(pages: Pages<T>, studio: Studio, rows: (items: readonly T[]) => TemplateResult, none: TemplateResult | typeof nothing = nothing): TemplateResult {
  const { words } = studio.language;
  const failed = pages.state === 'failed' && pages.answer;
  return html`
    ${pages.items.length ? rows(pages.items) : pages.state === 'there' ? none : nothing}
    ${pages.state === 'loading' && !pages.items.length ? html`<p class="soft" role="status">${words.loadingPart}</p>` : nothing}
    ${failed ? html`<div class="acts"><p class="trouble" role="alert">${studio.wrong(failed)}</p><button type="button" @click=${() => void (pages.items.length ? pages.more() : pages.load())}>${words.tryOnceMore}</button></div>` : nothing}
    ${pages.next && !failed ? html`<div class="acts"><button type="button" ?disabled=${pages.state === 'loading'} @click=${() => void pages.more()}>${words.showMore}</button></div>` : nothing}`;
}
