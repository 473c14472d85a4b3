/** Prices as people type them. */

/** The minor units of "39", "39.90", "39,9" or "1 299.00"; undefined: this is no price, or has too many digits behind the point. */
export function parsePrice(text: string, digits: number): number | undefined {
  const plain = text.normalize('NFKC').replace(/[\s'’]/g, '');
  const [, units, rest = ''] = /^(\d{1,12})(?:[.,](\d{1,4}))?$/.exec(plain) ?? [];
  if (units === undefined || rest.replace(/0+$/, '').length > digits) return undefined;
  const minor = Number(units + rest.slice(0, digits).padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : undefined;
}

/** A price as it stands in the field to edit it. */
export function editable(minor: number, digits: number): string {
  const text = String(minor).padStart(digits + 1, '0');
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
}

/** By how many percent a price falls, rounded down; 0: it does not fall. */
export const fall = (from: number, to: number): number => (to < from ? Math.floor(((from - to) * 100) / from) : 0);

/** Whether a price falls so far that it may be a slip of the finger. */
export const isLargeFall = (from: number, to: number): boolean => (from - to) * 100 > from * 30;
