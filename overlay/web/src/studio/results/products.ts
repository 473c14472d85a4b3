import { html, nothing, type TemplateResult } from 'lit';
import type table from '../../generated/strings/studio-results.ts';
import { say } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';
import { sums } from './report.ts';
import type { Result } from './result.ts';

type Words = (typeof table)['en'];

/** What each product did: its pieces and its money, where something was sold, and what viewers did. `numbers` are those of the line-up; without `measured` no player told of viewers. */
export function productTable(all: readonly Result[], r: Schemas['Report'], numbers: ReadonlyMap<string, number>, measured: boolean, words: Words, locale: string): TemplateResult {
  if (!all.length) return html`<p class="soft">${words.noProducts}</p>`;
  const some = r.total.orders > 0;
  const number = (n: number | undefined): string => n?.toLocaleString(locale) ?? '–';
  const seen = (n: number | undefined): TemplateResult | string => (measured ? number(n) : html`<span class="soft small">${words.notMeasured}</span>`);
  return html`${some ? html`<h3>${words.productsHead}</h3>` : nothing}
    <table class="rows"><thead><tr><th scope="col">${words.product}</th>${some ? html`<th scope="col" class="number">${words.units}</th><th scope="col" class="number">${words.net}</th>` : nothing}
      <th scope="col" class="number">${words.seen}</th><th scope="col" class="number">${words.productClicks}</th></tr></thead>
    <tbody>${all.map((p) => html`<tr data-product=${p.product}><td>${p.product ? html`<div class="what">${numbers.size ? html`<span class="n" data-none=${!numbers.has(p.product)} aria-hidden="true">${numbers.get(p.product) ?? '–'}</span>` : nothing}<span>${p.title}</span></div>` : html`${words.noProduct}<br /><span class="soft small">${words.noProductWhy}</span>`}</td>
      ${some ? html`<td class="number" data-label=${words.units}>${p.product ? number(p.units) : '–'}</td><td class="number" data-label=${words.net}>${income(p.money, words, locale)}</td>` : nothing}
      <td class="number" data-label=${words.seen}>${p.product ? seen(p.seen) : '–'}</td><td class="number" data-label=${words.productClicks}>${number(p.clicks)}</td></tr>`)}</tbody>
    ${some ? html`<tfoot><tr><th scope="row">${words.together}</th><td class="number" data-label=${words.units}>${number(all.reduce((sum, p) => sum + p.units, 0))}</td><td class="number" data-label=${words.net}>${income(r.total.money, words, locale)}</td>
      <td class="number" data-label=${words.seen}>${seen(r.total.impressions)}</td><td class="number" data-label=${words.productClicks}>${number(r.total.clicks)}</td></tr></tfoot>` : nothing}</table>
    <p class="soft small">${words.seenWhy}</p>`;
}

/** What is left, and what was paid where that is another sum. */
export function income(money: Result['money'] | null, words: Words, locale: string): TemplateResult | string {
  if (!money?.length) return '–';
  return html`<strong>${sums([...money], 'net', locale)}</strong>${money.some((m) => m.net !== m.gross) ? html`<br /><span class="soft small">${say(words.paidOf, { gross: sums([...money], 'gross', locale) })}</span>` : nothing}`;
}
