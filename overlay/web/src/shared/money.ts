import { digitsOf } from './currency.ts';

/** Prices as people read them. Money is an integer in minor units of an ISO 4217 currency. */

const isMinor = (n: unknown): n is number => Number.isSafeInteger(n);

/**
 * "¥49.90", "¥1,980", "$12.00"; empty: this is no price. The server says how many digits the minor unit has (`said`). The data
 * of browsers say how people write prices, which for some currencies has fewer digits (IDR, HUF, IQD). For these, zeros at the
 * end are left out, as people do.
 */
export function money(minor: unknown, currency: unknown, locale: string, said?: unknown): string {
  if (!isMinor(minor) || typeof currency !== 'string') return '';
  const digits = digitsOf(currency, said);
  const format = (least?: number): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, { style: 'currency', currency, ...(least === undefined ? {} : { minimumFractionDigits: least, maximumFractionDigits: digits }) });
  try {
    const usual = format().resolvedOptions().maximumFractionDigits ?? digits;
    return format(minor % 10 ** digits === 0 ? Math.min(usual, digits) : digits).format(minor / 10 ** digits);
  } catch {
    return '';
  }
}

/** "-28%" if the price is really below the list price; otherwise empty. */
export function discount(price: unknown, list: unknown, locale: string): string {
  if (!isMinor(price) || !isMinor(list) || !(list > price) || price < 0) return '';
  // Rounded down: a shop must not claim more than it gives. In integers, since a fraction such as 0.2 has no exact
  // floating-point value and falls to the percent below.
  const off = Number(((BigInt(list) - BigInt(price)) * 100n) / BigInt(list));
  return off < 1 ? '' : new Intl.NumberFormat(locale, { style: 'percent' }).format(-off / 100);
}
