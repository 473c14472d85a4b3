import { html, nothing, type TemplateResult } from 'lit';
import type { Studio } from '../context.ts';

const last = 'mediad-studio-currency'; // in localStorage: what was chosen last

/** The currency to begin with: the organisation's, or that of its products (`there`), or the one that was used last, or a guess by the language. */
export function usualCurrency({ orgs, org, language }: Studio, there = ''): string {
  return orgs.find((o) => o.id === org)?.currency || there || localStorage.getItem(last) || guess(language.locale);
}

const byRegion: Readonly<Record<string, string>> = { US: 'USD', GB: 'GBP', CN: 'CNY', HK: 'HKD', MO: 'MOP', TW: 'TWD', JP: 'JPY', KR: 'KRW', SG: 'SGD', MY: 'MYR', TH: 'THB', ID: 'IDR', VN: 'VND', IN: 'INR', AU: 'AUD', NZ: 'NZD', CA: 'CAD', CH: 'CHF', SE: 'SEK', NO: 'NOK', DK: 'DKK', PL: 'PLN', BR: 'BRL', MX: 'MXN' };

/** What somebody pays in, by the region of the device, or else by the language of the page. */
export function guess(locale: string, device = navigator.language): string {
  const region = new Intl.Locale(device).region ?? '';
  return byRegion[region] ?? (/^zh/i.test(locale) ? 'CNY' : 'EUR');
}

/** The currency of most of the first products that the organisation sells; '' where there is none, or it cannot be read. */
export async function currencyThere({ client, org }: Studio): Promise<string> {
  const answer = await client.GET('/api/v1/products', { params: { query: { seller: org, limit: 50 } } }).catch(() => undefined);
  return mostUsed((answer?.data?.items ?? []).map((p) => p.currency));
}

/** What stands most often in a list; of those that stand as often, the first. */
export function mostUsed(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

export const remember = (currency: string): void => localStorage.setItem(last, currency);

/** Where that comes from, in words, and where it is chosen for good. */
export function whence({ orgs, org, language: { words } }: Studio, there = ''): TemplateResult {
  const settled = orgs.find((o) => o.id === org)?.currency;
  return html`${settled ? words.currencyOfSettings : there ? words.currencyOfProducts : localStorage.getItem(last) ? words.currencyOfLast : words.currencyGuess}${settled || there ? nothing : html` <a href="#/settings">${words.currencyToSettings}</a>`}`;
}

/** All currencies with their names, the given one first. */
export function currencies(first: string, locale: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'currency', fallback: 'code' });
  const all = Intl.supportedValuesOf('currency').filter((c) => c !== first);
  return [first, ...all].map((code) => ({ code, name: `${code} · ${names.of(code) ?? code}` }));
}
