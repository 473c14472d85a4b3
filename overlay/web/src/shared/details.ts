import { addressOf, fieldsOf, listOf, textOf } from './api.ts';
import type { Product } from './cue.ts';
import { webURL } from './web-url.ts';

/** What a card shows beyond the cue: fetched once per revision, and not required. */
export interface Details {
  readonly title: string;
  /** Titles by locale, unchecked. */
  readonly titles?: unknown;
  readonly description: string;
  readonly image: string;
  /** The shop has a page for it; without one there is nothing to buy. */
  readonly linked: boolean;
  /** It comes in several variants, one of which is chosen before it is bought. */
  readonly choice?: boolean;
  /** All that the server says, unchecked. */
  readonly raw: unknown;
}

const cache = new Map<string, Promise<Details | undefined>>();

export const detailsURL = (origin: string, show: string, p: Product): string =>
  addressOf(origin, '/c/{show}/p/{file}', { show, file: `${p.id}@${p.rev ?? 0}.json` });

/** Details of one revision of a product; undefined: they cannot be fetched. */
export function details(origin: string, show: string, p: Product): Promise<Details | undefined> {
  const url = detailsURL(origin, show, p);
  let known = cache.get(url);
  if (!known) {
    known = load(url);
    cache.set(url, known);
    void known.then((d) => d ?? cache.delete(url));
  }
  return known;
}

async function load(url: string): Promise<Details | undefined> {
  for (const wait of [0, 1000, 4000]) {
    if (wait) await new Promise((r) => setTimeout(r, wait));
    try {
      const answer = await fetch(url, { credentials: 'omit' });
      if (answer.ok) return parseDetails(await answer.json(), url);
      if (answer.status < 500) return undefined;
    } catch {
      // The network may work at the next attempt.
    }
  }
  return undefined;
}

/** Reads the product's JSON; the picture is `image`, or the first of `images`. */
export function parseDetails(json: unknown, base: string): Details {
  const j = fieldsOf<'PublicProduct'>(json);
  const first: unknown = j.image ?? (Array.isArray(j.images) ? j.images[0] : undefined);
  const image = typeof first === 'object' && first !== null ? (first as { url?: unknown }).url : first;
  return { title: textOf(j.title), titles: j.titles, description: textOf(j.description), image: webURL(image, base), linked: textOf(j.go) !== '', choice: listOf(j.variants).length > 1, raw: json };
}
