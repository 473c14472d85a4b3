import { html, nothing, type TemplateResult } from 'lit';
import { digitsOf } from '../shared/currency.ts';
import { say } from '../shared/language.ts';
import type { NewProduct } from './deeds.ts';
import { parsePrice } from '../shared/price.ts';
import type { Language } from './words.ts';

/** The form for a new product. In an empty catalogue it stands there at once. */

export interface AddHooks {
  add(p: NewProduct): void;
  wrong(text: string, field: string): void;
  close(): void;
  readonly trouble: TemplateResult | typeof nothing;
}

/** What is wrong with what was written, and in which field. */
export interface Wrong {
  readonly text: string;
  readonly field: string;
}

/** The field that a refusal of the server names, as in "sku: there is one already"; "": none of this form. */
export const fieldIn = (detail: string): string => /^(title|sku|price|currency|link)\b/.exec(detail)?.[1] ?? '';

export function addForm(first: boolean, wrong: Wrong | undefined, bad: string, currency: string, locked: boolean, { words }: Language, hooks: AddHooks): TemplateResult {
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const fields = new FormData(e.target as HTMLFormElement);
    const text = (name: string): string => String(fields.get(name) ?? '').trim();
    const money = text('currency').toUpperCase();
    const price = parsePrice(text('price'), digitsOf(money));
    if (price === undefined) hooks.wrong(say(words.priceWrong, { example: digitsOf(money) ? '49.90' : '4990' }), 'price');
    else if (!/^[A-Z]{3}$/.test(money)) hooks.wrong(words.currencyWrong, 'currency');
    else hooks.add({ sku: text('sku'), title: text('title'), price, currency: money, ...(text('link') ? { link: text('link') } : {}) });
  };
  const said = wrong ? html`<p class="trouble wide" role="alert">${wrong.text}</p>` : hooks.trouble;
  const at = (...names: string[]): TemplateResult | typeof nothing => (names.includes(bad) ? said : nothing); // beside its field
  return html`<form class="add-form" aria-labelledby="add-head" @submit=${submit}>
    <h3 id="add-head">${first ? words.firstProduct : words.addProduct}</h3>
    ${first ? html`<p class="soft">${words.firstWhy}</p>` : nothing}
    <label class="wide">${words.fieldTitle}<input name="title" aria-invalid=${bad === 'title'} required maxlength="150" autocomplete="off" placeholder=${words.exampleTitle} dir="auto" /></label>${at('title')}
    <label class="wide">${words.fieldSku}<input name="sku" aria-invalid=${bad === 'sku'} required maxlength="50" autocomplete="off" placeholder="CORN-5KG" dir="ltr" /></label>${at('sku')}
    <label>${words.fieldPrice}<input name="price" aria-invalid=${bad === 'price'} required inputmode="decimal" autocomplete="off" placeholder="49.90" dir="ltr" /></label>
    <label>${words.fieldCurrency}<input name="currency" aria-invalid=${bad === 'currency'} required maxlength="3" autocomplete="off" .defaultValue=${currency} dir="ltr" class="currency" /></label>${at('price', 'currency')}
    <label class="wide">${words.fieldLink}<input name="link" aria-invalid=${bad === 'link'} type="url" maxlength="2048" autocomplete="off" placeholder="https://…" dir="ltr" /></label>${at('link', '')}
    <div class="acts wide"><button type="submit" class="loud" ?disabled=${locked}>${words.addThis}</button>${first ? nothing : html`<button type="button" @click=${() => hooks.close()}>${words.closeForm}</button>`}</div>
  </form>`;
}
