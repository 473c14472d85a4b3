import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import { csvOf } from './csv.ts';
import { priceOf, stockWord, type ImportJob, type Words } from './words.ts';

/** Tables of an import: its first rows, and those that are left out. */

type Row = NonNullable<ImportJob['rows']>[number];
type Left = NonNullable<ImportJob['rejected']>[number];

/** What a field of the server, or a column of the file, is called on the page. */
export function fieldWord(field: string, words: Words): string {
  const known: Readonly<Record<string, string>> = {
    sku: 'SKU', title: words.titleLabel, price: words.priceColumn, list_price: words.listPriceLabel, 'list price': words.listPriceLabel, link: words.linkColumn, stock: words.stockColumn, availability: words.stockColumn, category: words.categoryColumn,
    gtin: words.gtinLabel, image: words.pictureColumn, images: words.picturesHead, description: words.descriptionLabel, type: words.typeLabel, ships_at: words.shipsLabel, 'availability date': words.shipsLabel, variants: words.variantsHead,
  };
  return known[field] ?? field;
}

const about = /^(sku|title|price|list price|sale price(?: effective date)?|currency|link|images?|description|availability(?: date)?|ships_at|gtin|category|type|handle|status|variants\[\d+\][\w.]*): /;

/** A reason of the server in two parts: the column that it is about, "" if none, and what is said of it. */
export function parted(reason: string, said: (text: string) => string): { column: string; why: string } {
  const [, column = ''] = about.exec(reason) ?? [];
  const rest = column ? reason.slice(column.length + 2) : reason;
  // Some sentences are known without their column, some only with it.
  const alone = said(rest);
  const why = column && alone === rest ? said(reason) : alone;
  return { column, why: column && why.startsWith(`${column}: `) ? why.slice(column.length + 2) : why };
}

/** A reason that begins with the file's name of the column, or has it between Chinese words, says it as the page does: "SKU must not have spaces." */
export const inWords = (why: string, column: string, words: Words): string =>
  column ? why.replace(new RegExp(`(^|[\\u3000-\\uffee] ?)${column.replace(/[[\].]/g, '\\$&')}(?![\\w.])`), (_, before: string) => before + fieldWord(column, words)) : why;

/** The first rows that change something, so that prices, decimals and the currency can be checked. */
export function firstRows(at: ImportJob, words: Words, locale: string): TemplateResult | typeof nothing {
  const rows = at.rows ?? [];
  if (!rows.length) return nothing;
  const all = at.new + at.changed;
  return html`<section class="sheet preview"><h2>${words.previewHead}</h2>
    ${at.currency ? html`<p class="soft small">${say(words.previewCurrency, { currency: at.currency })} <a href="#/catalogue/import">${words.previewOther}</a></p>` : nothing}
    <div class="table" tabindex="0" role="region" aria-label=${words.previewHead}><table class="rows"><thead><tr><th>${words.rowColumn}</th><th>${words.productColumn}</th><th class="number">${words.priceColumn}</th><th>${words.previewChanges}</th></tr></thead>
      <tbody>${rows.map((r) => html`<tr><td data-label=${words.rowColumn}>${r.row}</td>
        <td data-label=${words.productColumn}><strong>${r.title}</strong><br /><code class="soft small">${r.sku}</code></td>
        <td class="number" data-label=${words.priceColumn}>${priceOf(r, locale)}</td>
        <td data-label=${words.previewChanges}>${changes(r, words)}${r.without_link ? html`<p class="warn small">${words.noLink}</p>` : nothing}</td></tr>`)}</tbody></table></div>
    ${all > rows.length ? html`<p class="soft small">${say(words.firstOf, { n: rows.length, all: new Intl.NumberFormat(locale).format(all) })}</p>` : nothing}</section>`;
}

function changes(r: Row, words: Words): unknown {
  if (r.new) return words.countNew;
  return (r.changes ?? []).map((c) => {
    const field = fieldWord(c.field, words);
    const value = (text: string): string => (c.field === 'stock' ? stockWord(text, words) : text) || '—';
    return html`<p class="small">${c.was || c.is ? say(words.previewTo, { field, was: value(c.was), is: value(c.is) }) : say(words.previewAnother, { field })}</p>`;
  });
}

export function leftOut(rows: readonly Left[], words: Words, said: (text: string) => string): TemplateResult {
  return html`<table class="rows"><thead><tr><th>${words.rowColumn}</th><th>${words.productColumn}</th><th>${words.columnColumn}</th><th>${words.reasonColumn}</th></tr></thead>
    <tbody>${rows.map((r) => {
      const { column, why } = parted(r.reason, said);
      return html`<tr><td data-label=${words.rowColumn}>${r.row}</td>
        <td data-label=${words.productColumn}>${r.title ? html`<strong>${r.title}</strong><br />` : nothing}<code class="soft small">${r.sku || nothing}</code>${r.title || r.sku ? nothing : '—'}</td>
        <td data-label=${words.columnColumn}>${column ? fieldWord(column, words) : '—'}</td><td data-label=${words.reasonColumn}>${inWords(why, column, words)}</td></tr>`;
    })}</tbody></table>`;
}

/** The same as a file. */
export const leftOutCSV = (rows: readonly Left[], words: Words, said: (text: string) => string): string =>
  csvOf([[words.rowColumn, 'SKU', words.titleLabel, words.columnColumn, words.reasonColumn], ...rows.map((r) => {
    const { column, why } = parted(r.reason, said);
    return [String(r.row), r.sku ?? '', r.title ?? '', column && fieldWord(column, words), inWords(why, column, words)];
  })]);
