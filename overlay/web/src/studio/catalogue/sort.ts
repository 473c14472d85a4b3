import { html, nothing, type TemplateResult } from 'lit';
import type { Studio } from '../context.ts';
import type { Shelf, Sort } from './shelf.ts';
import { wordsOf } from './words.ts';

/** What the table is sorted by: all ways, also those that have no column. On phones, where a table has no headers, it is the only one. */
export function sorter(shelf: Shelf, studio: Studio): TemplateResult {
  const words = wordsOf(studio.language);
  const ways: readonly [Sort, string][] = [['', words.sortOldest], ['-changed', words.sortChanged], ['changed', words.sortUnchanged], ['title', words.sortTitle], ['-title', words.sortTitleDown],
    ['price', words.sortPrice], ['-price', words.sortPriceDown], ['sku', words.sortSku], ['-sku', words.sortSkuDown]];
  return html`<label class="field"><span class="sr">${words.sortLabel}</span><select name="sort" @change=${(e: Event) => void shelf.find({ ...shelf.query, sort: (e.target as HTMLSelectElement).value as Sort })}>
    ${ways.map(([sort, name]) => html`<option value=${sort} .selected=${sort === shelf.query.sort}>${name}</option>`)}</select></label>`;
}

/** A header that sorts: up first, then down, then as it was. */
export function sortHead(shelf: Shelf, by: 'title' | 'price', name: string, kind = ''): TemplateResult {
  const { sort } = shelf.query;
  const way = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : undefined;
  const next: Sort = way === 'ascending' ? `-${by}` : way === 'descending' ? '' : by;
  return html`<th class=${kind} aria-sort=${way ?? nothing}><button type="button" class="quiet sort" @click=${() => void shelf.find({ ...shelf.query, sort: next })}>${name}<span aria-hidden="true">${way === 'ascending' ? '↑' : way === 'descending' ? '↓' : '↕'}</span></button><span class="narrow">${name}</span></th>`;
}
