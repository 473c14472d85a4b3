import type { Studio } from '../context.ts';

const last = 'mediad-studio-currency'; // in localStorage: what was chosen last

/** The currency to begin with: the organisation's, or the one that was used last, or a guess by the language. */
export function usualCurrency({ orgs, org, language }: Studio): string {
  return orgs.find((o) => o.id === org)?.currency || localStorage.getItem(last) || (/^zh/i.test(language.locale) ? 'CNY' : 'EUR');
}

export const remember = (currency: string): void => localStorage.setItem(last, currency);

/** All currencies with their names, the given one first. */
export function currencies(first: string, locale: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'currency', fallback: 'code' });
  const all = Intl.supportedValuesOf('currency').filter((c) => c !== first);
  return [first, ...all].map((code) => ({ code, name: `${code} · ${names.of(code) ?? code}` }));
}
