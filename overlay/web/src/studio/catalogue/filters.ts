import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import type { Choices } from './choices.ts';
import { everything, type Query, type Shelf } from './shelf.ts';
import { sorter } from './sort.ts';
import { wordsOf } from './words.ts';

/** What the table is narrowed to, beside the words of the search. */
export function filters(shelf: Shelf, choices: Choices, studio: Studio): TemplateResult | typeof nothing {
  const words = wordsOf(studio.language);
  const { query } = shelf;
  const find = (change: Partial<Query>): void => void shelf.find({ ...query, ...change });
  const value = (e: Event): string => (e.target as HTMLSelectElement).value;
  const categories = query.category && !choices.categories.includes(query.category) ? [query.category, ...choices.categories] : choices.categories;
  return html`
    ${categories.length ? html`<label class="field"><span class="sr">${words.categoryColumn}</span><select name="category" @change=${(e: Event) => find({ category: value(e) })}>
      <option value="">${words.categoryAll}</option>${categories.map((c) => html`<option value=${c} ?selected=${c === query.category}>${c}</option>`)}</select></label>` : nothing}
    ${choices.pools.length || query.from ? html`<label class="field"><span class="sr">${words.fromLabel}</span><select name="from" @change=${(e: Event) => find({ from: value(e) })}>
      <option value="">${words.fromAll}</option><option value="own" ?selected=${query.from === 'own'}>${words.fromOwn}</option>
      ${choices.pools.map((p) => html`<option value=${p.id} ?selected=${p.id === query.from}>${p.org === studio.org ? say(words.fromPool, { name: p.name }) : say(words.fromGranted, { name: p.name, who: p.owner ?? '' })}</option>`)}</select></label>` : nothing}
    ${sorter(shelf, studio)}
    ${query.category || query.from ? html`<button type="button" class="quiet" @click=${() => void shelf.find({ ...everything, text: query.text, sort: query.sort })}>${words.clearFilter}</button>` : nothing}`;
}
