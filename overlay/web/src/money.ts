/** Prices as people read them. Money is an integer in minor units of an ISO 4217 currency. */

const isMinor = (n: unknown): n is number => Number.isSafeInteger(n);

/** "¥49.90", "¥1,980", "$12.00"; empty for what is no price. */
export function money(minor: unknown, currency: unknown, locale: string): string {
  if (!isMinor(minor) || typeof currency !== 'string') return '';
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
  if (!isMinor(price) || !isMinor(list) || !(list > price) || price < 0) return '';
  // Rounded down: a shop must not claim more than it gives. In integers, since a fraction such as 0.2 has no exact
  // floating-point value and falls to the percent below.
  const off = Number(((BigInt(list) - BigInt(price)) * 100n) / BigInt(list));
  return off < 1 ? '' : new Intl.NumberFormat(locale, { style: 'percent' }).format(-off / 100);
}
