import type { Schemas } from '../context.ts';

type Money = Schemas['Money'];
type Sold = Schemas['ReportProduct'];
type Counted = Pick<Schemas['ReportPart'], 'impressions' | 'clicks'>;

/** What a product did for a show; `seen` and `clicks` are missing where nobody counted. */
export interface Result {
  readonly product: string; // "": what is of no product
  readonly title: string;
  readonly units: number;
  readonly money: readonly Money[];
  readonly seen?: number | undefined;
  readonly clicks?: number | undefined;
}

/** One result for each product, the one that brought the most money first, in the currency of the most orders. What is of no product stands last. Where the show has a count, a product without one has 0. */
export function resultsOf(sold: readonly Sold[], titles: ReadonlyMap<string, string>, currency = '', show: Counted = {}): Result[] {
  const [unseen, unclicked] = [show.impressions, show.clicks].map((n) => (n === undefined ? undefined : 0));
  const rows = sold.map((p): Result => {
    const id = p.product ?? '';
    return { product: id, title: titles.get(id) ?? (p.title || p.sku || id), units: p.units, money: p.money ?? [], seen: p.impressions ?? (id ? unseen : undefined), clicks: p.clicks ?? (id ? unclicked : undefined) };
  });
  for (const [product, title] of titles) if (!rows.some((r) => r.product === product)) rows.push({ product, title, units: 0, money: [], seen: unseen, clicks: unclicked });
  const net = (r: Result): number => r.money.find((m) => m.currency === currency)?.net ?? 0;
  return rows.sort((a, b) => Number(!a.product) - Number(!b.product) || net(b) - net(a) || b.units - a.units || (b.clicks ?? 0) - (a.clicks ?? 0) || (b.seen ?? 0) - (a.seen ?? 0));
}

/** What was shown from a moment on. */
export interface Chapter {
  readonly at: number; // seconds since 1970
  readonly product: string;
}

/** When each product came over the picture: its chapters, and the first time of one that was there too shortly for a chapter. */
export function shownAt(chapters: readonly Chapter[], first: readonly Chapter[]): Chapter[] {
  const there = new Set(chapters.map((c) => c.product));
  return [...chapters, ...first.filter((f) => !there.has(f.product))].sort((a, b) => a.at - b.at);
}

/** The numbers of the line-up, by product. A show without one counts its products as they were shown. */
export const numbersOf = (lines: readonly string[], shown: readonly string[]): ReadonlyMap<string, number> =>
  new Map((lines.length ? lines : shown).map((product, i) => [product, i + 1]));

/** The chapters of a show as its page tells of them; what is none is left out. */
export const chaptersOf = (body: unknown): Chapter[] => {
  const all = (body as { chapters?: unknown } | undefined)?.chapters;
  return (Array.isArray(all) ? all : []).flatMap((c: { date?: unknown; product?: { id?: unknown } }) => {
    const at = Date.parse(String(c?.date));
    return Number.isNaN(at) || typeof c.product?.id !== 'string' ? [] : [{ at: at / 1000, product: c.product.id }];
  });
};

/** The last show before another one in its room that counts: no rehearsal, and none that never began. */
export const formerOf = <S extends Pick<Schemas['StoredShow'], 'started' | 'rehearsal'>>(shows: readonly S[], of: Pick<S, 'started'>): S | undefined =>
  shows.filter((s) => s.started && of.started && !s.rehearsal && Date.parse(s.started) < Date.parse(of.started)).sort((a, b) => Date.parse(b.started!) - Date.parse(a.started!))[0];
