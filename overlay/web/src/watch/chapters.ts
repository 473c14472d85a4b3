import { fieldsOf, listOf, textOf } from '../shared/api.ts';

/** The chapters of a show. */

export interface Chapter {
  readonly product: string;
  readonly title: string;
  /** When it began, in ms since 1970. */
  readonly date: number;
  /** Seconds from the begin of the show to the begin of the chapter: the same live and in the recording. */
  readonly start: number;
  /** Where it begins in the recording, in seconds; undefined while there is none. */
  readonly at: number | undefined;
  readonly duration: number;
}

/** Reads /c/SHOW/chapters.json; invalid entries are left out. */
export function parseChapters(json: unknown): Chapter[] {
  return listOf<'Chapter'>(fieldsOf<'ChaptersBody'>(json).chapters).flatMap((c) => {
    const product = fieldsOf<'ChapterProduct'>(c.product);
    const id = textOf(product.id);
    const date = Date.parse(textOf(c.date));
    if (!id || !date || typeof c.duration !== 'number') return [];
    const at = typeof c.at === 'number' ? c.at : undefined;
    return [{ product: id, title: textOf(product.title) || textOf(product.sku), date, start: typeof c.start === 'number' ? c.start : (at ?? 0), at, duration: c.duration }];
  });
}

/** The chapter at a place in the recording, or at a date. */
export function current(list: readonly Chapter[], place: { at: number | undefined; date: number | undefined }): Chapter | undefined {
  const { at, date } = place;
  return list.find((c) => {
    if (at !== undefined) return c.at !== undefined && c.at <= at && at < c.at + c.duration;
    return date !== undefined && c.date <= date && date < c.date + c.duration * 1000;
  });
}
