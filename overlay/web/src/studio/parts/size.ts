/** Sizes and lengths of recordings, as people read them. */

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'];

/** Bytes with a unit of thousands, as disks are sold: 1.2 GB. */
export function bytes(n: number, locale: string): string {
  const at = Math.min(units.length - 1, n < 1000 ? 0 : Math.floor(Math.log10(n) / 3));
  const size = n / 1000 ** at;
  return new Intl.NumberFormat(locale, { style: 'unit', unit: units[at]!, unitDisplay: at ? 'short' : 'long', maximumFractionDigits: size < 10 && at ? 1 : 0 }).format(size);
}

/** A number of some unit, written one way: between a figure and a Chinese word is a space, as in all other phrases. */
export const measured = (n: number, unit: string, locale: string, unitDisplay: 'short' | 'long' = 'short'): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(n).replace(/(\d)(?=\p{Script=Han})/gu, '$1 ');

/** Seconds as hours and minutes: 1 hr 12 min; under a minute in seconds. */
export function lasting(seconds: number, locale: string): string {
  const unit = (n: number, of: string): string => measured(n, of, locale);
  if (seconds < 60) return unit(Math.round(seconds), 'second');
  const minutes = Math.round(seconds / 60);
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  return [h ? unit(h, 'hour') : '', m || !h ? unit(m, 'minute') : ''].filter(Boolean).join(' ');
}
