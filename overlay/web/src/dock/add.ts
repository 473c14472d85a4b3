import { html, nothing, type TemplateResult } from 'lit';
import { digitsOf } from '../shared/currency.ts';
import { say } from '../shared/language.ts';
import type { NewProduct } from './deeds.ts';
import { parsePrice } from '../shared/price.ts';
import type { Language } from './words.ts';

/** The form for a new product. In an empty catalogue it stands there at once. */

export interface AddHooks {
  add(p: NewProduct): void;
  wrong(text: string): void;
  close(): void;
  readonly trouble: TemplateResult | typeof nothing;
}

export function addForm(first: boolean, wrong: string, currency: string, locked: boolean, { words }: Language, hooks: AddHooks): TemplateResult {
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const fields = new FormData(e.target as HTMLFormElement);
    const text = (name: string): string => String(fields.get(name) ?? '').trim();
    const money = text('currency').toUpperCase();
    const price = parsePrice(text('price'), digitsOf(money));
    if (price === undefined) hooks.wrong(say(words.priceWrong, { example: digitsOf(money) ? '49.90' : '4990' }));
    else if (!/^[A-Z]{3}$/.test(money)) hooks.wrong(words.currencyWrong);
    else hooks.add({ sku: text('sku'), title: text('title'), price, currency: money, ...(text('link') ? { link: text('link') } : {}) });
  };
  return html`<form class="add-form" aria-labelledby="add-head" @submit=${submit}>
    <h3 id="add-head">${first ? words.firstProduct : words.addProduct}</h3>
    ${first ? html`<p class="soft">${words.firstWhy}</p>` : nothing}
    <label class="wide">${words.fieldTitle}<input name="title" required maxlength="150" autocomplete="off" placeholder=${words.exampleTitle} dir="auto" /></label>
    <label class="wide">${words.fieldSku}<input name="sku" required maxlength="50" autocomplete="off" placeholder="CORN-5KG" dir="ltr" /></label>
    <label>${words.fieldPrice}<input name="price" required inputmode="decimal" autocomplete="off" placeholder="49.90" dir="ltr" /></label>
    <label>${words.fieldCurrency}<input name="currency" required maxlength="3" autocomplete="off" .defaultValue=${currency} dir="ltr" class="currency" /></label>
    <label class="wide">${words.fieldLink}<input name="link" type="url" maxlength="2048" autocomplete="off" placeholder="https://…" dir="ltr" /></label>
    ${wrong ? html`<p class="trouble wide" role="alert">${wrong}</p>` : nothing}${hooks.trouble}
    <div class="acts wide"><button type="submit" class="loud" ?disabled=${locked}>${words.addThis}</button>${first ? nothing : html`<button type="button" @click=${() => hooks.close()}>${words.closeForm}</button>`}</div>
  </form>`;
}
