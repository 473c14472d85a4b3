import type { Schemas } from '../context.ts';

type Minute = Schemas['LiveMinute'];

/** A product over the picture, by places in the list of minutes: from one of them to before another. */
export interface Band {
  readonly product: string;
  readonly from: number;
  readonly to: number;
}

/** What was shown from a date of the picture on, and where that is in the recording. */
export interface Placed {
  readonly at: number; // seconds since 1970
  readonly place: number; // seconds of the recording
}

const nothing = { peak: 0, viewers: 0, watched: 0, views: 0, effective: 0, likes: 0, impressions: 0, clicks: 0, comments: 0, orders: 0 };

/** The minutes of a show without gaps: in those that are left out nothing happened. */
export function filled(minutes: readonly Minute[]): Minute[] {
  const known = new Map(minutes.map((m) => [Date.parse(m.at) / 60_000, m]));
  const first = Math.min(...known.keys());
  const last = Math.max(...known.keys());
  return known.size ? Array.from({ length: last - first + 1 }, (_, i) => known.get(first + i) ?? { ...nothing, at: new Date((first + i) * 60_000).toISOString(), money: [], products: [] }) : [];
}

/** The minutes of a show with what one product brought at their pictures, live and in the recording together; `replayed` is the latter's orders. */
export function soldIn(list: readonly Minute[], sold: readonly Schemas['ProductMinute'][]): (Minute & { replayed: number })[] {
  return list.map((m) => {
    const here = sold.filter((p) => Date.parse(p.at) === Date.parse(m.at));
    const money = new Map<string, number>();
    for (const t of here.flatMap((p) => p.money ?? [])) money.set(t.currency, (money.get(t.currency) ?? 0) + t.gross);
    const sum = (of: (p: Schemas['ProductMinute']) => number): number => here.reduce((n, p) => n + of(p), 0);
    return { ...nothing, at: m.at, products: m.products, clicks: sum((p) => p.clicks), orders: sum((p) => p.orders), replayed: sum((p) => (p.replay ? p.orders : 0)), money: [...money].map(([currency, gross]) => ({ currency, gross })) };
  });
}

/** What was over the picture the longest: of each minute the last that came. */
export function bandsOf(list: readonly Pick<Minute, 'products'>[]): Band[] {
  const out: { product: string; from: number; to: number }[] = [];
  list.forEach((m, i) => {
    const product = m.products?.at(-1);
    const last = out.at(-1);
    if (!product) return;
    if (last?.product === product && last.to === i) last.to = i + 1;
    else out.push({ product, from: i, to: i + 1 });
  });
  return out;
}

/** The place of a date in the recording, by the chapter that began before it, or else by the first one. */
export function placeOf(at: number, chapters: readonly Placed[]): number | undefined {
  const near = [...chapters].reverse().find((c) => c.at <= at) ?? chapters[0];
  return near && Math.max(0, near.place + at - near.at);
}

/** Where chapters begin, on the dates of the picture and in the recording. */
export const placesOf = (body: unknown): Placed[] => {
  const all = (body as { chapters?: unknown } | undefined)?.chapters;
  return (Array.isArray(all) ? all : []).flatMap((c: { date?: unknown; at?: unknown }) => {
    const at = Date.parse(String(c?.date));
    return Number.isNaN(at) || typeof c.at !== 'number' ? [] : [{ at: at / 1000, place: c.at }];
  });
};
