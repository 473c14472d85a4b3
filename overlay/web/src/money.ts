/** Prices as people read them. Money is an integer in minor units of an ISO 4217 currency. */

/** "¥49.90", "¥1,980", "$12.00"; empty for what is no price. */
export function money(minor: unknown, currency: unknown, locale: string): string {
  if (typeof minor !== 'number' || !Number.isSafeInteger(minor) || typeof currency !== 'string') return '';
  let format: Intl.NumberFormat;
  try {
    format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  } catch {
    return '';
  }
  // ISO 4217 gives each currency its own number of minor digits: CNY 2, JPY 0, KWD 3.
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}

/** "-28%" when the price is really below the list price; empty otherwise. */
export function discount(price: unknown, list: unknown, locale: string): string {
  if (typeof price !== 'number' || typeof list !== 'number' || !(list > price) || price < 0) return '';
  // Rounded down: a shop must not claim more than it gives.
  const off = Math.floor((1 - price / list) * 100);
  return off < 1 ? '' : new Intl.NumberFormat(locale, { style: 'percent' }).format(-off / 100);
}
