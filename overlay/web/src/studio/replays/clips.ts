import type { Schemas } from '../context.ts';

type Chapter = Schemas['Chapter'];

/** A product of a recording with the moments at which it was shown: all of them are one clip. */
export interface Clip {
  readonly id: string;
  readonly title: string;
  readonly ready: boolean;
  readonly duration: number;
  readonly moments: readonly { readonly at: number; readonly duration: number }[];
}

/** Chapters by product, in the order in which products came first. */
export function clipsOf(chapters: readonly Chapter[]): Clip[] {
  const all = new Map<string, Clip>();
  for (const c of chapters) {
    const { id, title, sku } = c.product;
    const was = all.get(id);
    all.set(id, {
      id, title: title || sku || id,
      ready: Boolean(c.clip) || (was?.ready ?? false),
      duration: c.duration + (was?.duration ?? 0),
      moments: [...(was?.moments ?? []), { at: Math.floor(c.at ?? c.start), duration: c.duration }],
    });
  }
  return [...all.values()];
}
