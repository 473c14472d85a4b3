import { html, nothing, type TemplateResult } from 'lit';
import type { Studio } from '../context.ts';

const last = 'mediad-studio-currency'; // in localStorage: what was chosen last

/** The currency to begin with: the organisation's, or the one that was used last, or a guess by the language. */
export function usualCurrency({ orgs, org, language }: Studio): string {
  return orgs.find((o) => o.id === org)?.currency || localStorage.getItem(last) || (/^zh/i.test(language.locale) ? 'CNY' : 'EUR');
}

export const remember = (currency: string): void => localStorage.setItem(last, currency);

/** Where that comes from, in words, and where it is chosen for good. */
export function whence({ orgs, org, language: { words } }: Studio): TemplateResult {
  const settled = orgs.find((o) => o.id === org)?.currency;
  return html`${settled ? words.currencyOfSettings : localStorage.getItem(last) ? words.currencyOfLast : words.currencyGuess}${settled ? nothing : html` <a href="#/settings">${words.currencyToSettings}</a>`}`;
}

/** All currencies with their names, the given one first. */
export function currencies(first: string, locale: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'currency', fallback: 'code' });
  const all = Intl.supportedValuesOf('currency').filter((c) => c !== first);
  return [first, ...all].map((code) => ({ code, name: `${code} · ${names.of(code) ?? code}` }));
}
