/**
 * How many digits the minor unit of a currency has, if the cue does not say it: recordings of older versions do not. The
 * table is that of the server (overlay/currency.go; a test compares the two); all other currencies of ISO 4217 have two.
 */
const others: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  CLF: 4, UYW: 4,
};

/** The digits of a price: from the server, or else from the table. */
export const digitsOf = (currency: string, said?: unknown): number =>
  Number.isInteger(said) && (said as number) >= 0 && (said as number) <= 6 ? (said as number) : others[currency.toUpperCase()] ?? 2;
