import { html, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import { icons } from '../parts/icons.ts';
import { optionNames, type Draft } from './draft.ts';
import { stockWord, stocks, type Words } from './words.ts';

/** Parts of the page of a product. `set` says that the draft has changed. */

export function variants(d: Draft, words: Words, set: () => void): TemplateResult {
  const names = optionNames(d);
  const add = (): void => {
    if (!d.optionNames) d.optionNames = words.optionHint.split(/[,，]/)[0]!.trim();
    d.variants.push({ was: undefined, sku: '', price: '', stock: '', options: {} });
    set();
  };
  return html`<section class="sheet variants"><h2>${words.variantsHead}</h2><p class="soft small">${words.variantsWhy}</p>
    ${d.variants.length ? html`<label class="field"><span>${words.optionNames}</span><input name="option_names" .value=${d.optionNames} placeholder=${words.optionHint} @change=${(e: Event) => { rename(d, (e.target as HTMLInputElement).value); set(); }} /></label>
    <div class="table"><table class="rows"><thead><tr>${names.map((n) => html`<th>${n}</th>`)}<th>SKU</th><th>${words.priceColumn}</th><th>${words.stockColumn}</th><th><span class="sr">${words.pictureRemove}</span></th></tr></thead>
      <tbody>${d.variants.map((v, i) => html`<tr>
        ${names.map((n) => html`<td data-label=${n}><input aria-label="${n} ${i + 1}" name="variants[${i}].options" .value=${v.options[n] ?? ''} @input=${(e: Event) => { v.options[n] = (e.target as HTMLInputElement).value; set(); }} /></td>`)}
        <td data-label="SKU"><input aria-label="SKU ${i + 1}" name="variants[${i}].sku" .value=${v.sku} @input=${(e: Event) => { v.sku = (e.target as HTMLInputElement).value; set(); }} /></td>
        <td data-label=${words.priceColumn}><input aria-label="${words.priceColumn} ${i + 1}" name="variants[${i}].price" inputmode="decimal" placeholder=${words.asProduct} .value=${v.price} @input=${(e: Event) => { v.price = (e.target as HTMLInputElement).value; set(); }} /></td>
        <td data-label=${words.stockColumn}><select aria-label="${words.stockColumn} ${i + 1}" name="variants[${i}].stock" @change=${(e: Event) => { v.stock = (e.target as HTMLSelectElement).value; set(); }}>
          <option value="" ?selected=${!v.stock}>${words.asProduct}</option>${stocks.map((s) => html`<option value=${s} ?selected=${s === v.stock}>${stockWord(s, words)}</option>`)}</select></td>
        <td class="end"><button type="button" class="quiet" title=${say(words.removeVariant, { sku: v.sku || String(i + 1) })} @click=${() => { d.variants.splice(i, 1); set(); }}><span class="wide" aria-hidden="true">${icons.close}</span><span class="narrow">${words.removeThisVariant}</span><span class="sr">${say(words.removeVariant, { sku: v.sku || String(i + 1) })}</span></button></td></tr>`)}</tbody></table></div>` : ''}
    <div class="acts"><button type="button" class="add" ?disabled=${d.variants.length >= 100} @click=${add}>${icons.add}${words.addVariant}</button></div></section>`;
}

/** Gives options other names; the values go along with the name of their column. */
export function rename(d: Draft, text: string): void {
  const before = optionNames(d);
  d.optionNames = text;
  const after = optionNames(d);
  for (const [i, name] of after.entries()) {
    const old = before[i];
    if (!old || before.includes(name) || after.includes(old)) continue;
    for (const v of d.variants) v.options[name] = v.options[old] ?? '';
  }
}

/** Languages that are offered; any other that a product has stays. */
const offered = ['en', 'zh', 'zh-Hant', 'ja', 'ko', 'th', 'vi', 'id', 'ms', 'hi', 'ar', 'fa', 'he', 'tr', 'ru', 'uk', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'sv'];

export function titles(d: Draft, words: Words, locale: string, set: () => void): TemplateResult {
  const names = new Intl.DisplayNames(locale, { type: 'language' });
  const free = offered.filter((l) => !d.titles.some(([has]) => has === l));
  return html`<section class="sheet titles"><h2>${words.titlesHead}</h2><p class="soft small">${words.titlesWhy}</p>
    ${d.titles.map((pair, i) => {
      const name = names.of(pair[0]) ?? pair[0];
      return html`<div class="with-button"><label class="field"><span>${name}</span><input name="titles.${pair[0]}" lang=${pair[0]} dir="auto" maxlength="150" .value=${pair[1]} @input=${(e: Event) => { pair[1] = (e.target as HTMLInputElement).value; set(); }} /></label>
        <button type="button" class="quiet" title=${say(words.removeLanguage, { name })} @click=${() => { d.titles.splice(i, 1); set(); }}>${icons.close}<span class="sr">${say(words.removeLanguage, { name })}</span></button></div>`;
    })}
    <label class="field"><span class="sr">${words.languageLabel}</span><select @change=${(e: Event) => { const s = e.target as HTMLSelectElement; if (s.value) d.titles.push([s.value, '']); s.value = ''; set(); }}>
      <option value="">${words.addLanguage}…</option>${free.map((l) => html`<option value=${l}>${names.of(l) ?? l}</option>`)}</select></label></section>`;
}
