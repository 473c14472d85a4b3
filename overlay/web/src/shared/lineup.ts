import { addressOf, fieldsOf, listOf, read, textOf } from './api.ts';
import type { Product } from './cue.ts';

/** The line-up of a show, as far as viewers may know it. */

/** A product of the line-up that viewers may know of. */
export interface Planned {
  readonly product: Product;
  /** What its button says; "": the usual words. */
  readonly label: string;
}

/** Reads /c/SHOW/lineup.json; invalid entries are left out. */
export function parseLineup(json: unknown): Planned[] {
  return listOf<'PublicLine'>(fieldsOf<'PublicLineup'>(json).items).flatMap(({ product, button_label: label }) =>
    textOf(fieldsOf<'PublicProduct'>(product).id) ? [{ product: product as Product, label: textOf(label) }] : []);
}

/** The line-up of a show as viewers may know it; undefined: it cannot be had now. */
export async function askLineup(origin: string, show: string): Promise<Planned[] | undefined> {
  const json = await read(addressOf(origin, '/c/{show}/{file}', { show, file: 'lineup.json' }));
  return json === undefined ? undefined : parseLineup(json);
}
