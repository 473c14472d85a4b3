import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../../generated/strings/studio.ts';
import { currencies, guess } from '../parts/currencies.ts';

/** The fields of the screens before one is signed in. */

export const email = (words: Words, value = '', fixed = false): TemplateResult => html`<label class="field"><span>${words.emailLabel}</span>
  <input name="email" type="email" dir="ltr" autocomplete="username" autocapitalize="none" spellcheck="false" required .value=${value} ?readonly=${fixed} /></label>`;

export function password(words: Words, label: string, fresh: boolean, name = 'password'): TemplateResult {
  const flip = (e: Event): void => {
    const button = e.currentTarget as HTMLButtonElement;
    const field = button.previousElementSibling as HTMLInputElement;
    const show = field.type === 'password';
    field.type = show ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(show));
    button.textContent = show ? words.hideSecret : words.revealSecret;
    button.title = show ? words.hidePassword : words.showPassword;
  };
  return html`<div class="field"><label for=${name}>${label}</label>
    <div class="with-button"><input id=${name} name=${name} type="password" dir="ltr" autocomplete=${fresh ? 'new-password' : 'current-password'} required minlength=${fresh ? 10 : 1} maxlength="200" aria-describedby=${fresh ? `${name}-rule` : nothing} /><button
      type="button" aria-pressed="false" title=${words.showPassword} @click=${flip}>${words.revealSecret}</button></div>
    ${fresh ? html`<small id=${`${name}-rule`}>${words.passwordRule}</small>` : nothing}</div>`;
}

export const person = (words: Words): TemplateResult => html`<label class="field"><span>${words.yourName}</span>
  <input name="name" autocomplete="name" maxlength="100" required /><small>${words.yourNameWhy}</small></label>`;

export const shop = (words: Words): TemplateResult => html`<label class="field"><span>${words.shopName}</span>
  <input name="shop" autocomplete="organization" maxlength="150" required /><small>${words.shopNameWhy}</small></label>`;

/** What the shop's prices are in; it begins with what is usual where the device is. */
export function currency(words: Words, locale: string): TemplateResult {
  const usual = guess(locale);
  return html`<label class="field"><span>${words.shopCurrency}</span><select name="currency">${currencies(usual, locale).map((c) => html`<option value=${c.code} ?selected=${c.code === usual}>${c.name}</option>`)}</select><small>${words.shopCurrencyWhy}</small></label>`;
}

/** The text of a field of a form. */
export const textIn = (form: HTMLFormElement, name: string): string => String(new FormData(form).get(name) ?? '').trim();

/** A password as it was typed: spaces at its ends belong to it. */
export const passwordIn = (form: HTMLFormElement, name = 'password'): string => String(new FormData(form).get(name) ?? '');
