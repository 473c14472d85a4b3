import { fieldsOf, listOf, textOf } from '../shared/api.ts';
import { inLocale } from '../shared/language.ts';

/** What the server says of a festival, checked: it may have another version than this page. */

export interface Goods {
  readonly id: string;
  readonly title: string;
  readonly titles: unknown;
  readonly price: unknown;
  readonly listPrice: unknown;
  readonly currency: unknown;
  readonly digits: unknown;
  readonly stock: string;
  readonly image: string;
}

export interface Room {
  readonly room: string;
  readonly title: string;
  readonly org: string;
  readonly region: string;
  readonly live: boolean;
  readonly waiting: boolean;
  readonly show: string;
  readonly viewers: number;
  readonly picture: string;
  readonly pinned: Goods | undefined;
  readonly categories: readonly string[];
  readonly next: { readonly show: string; readonly title: string; readonly starts: Date } | undefined;
}

export interface Planned {
  readonly show: string;
  readonly title: string;
  readonly starts: Date;
  readonly room: string;
  readonly roomTitle: string;
  readonly region: string;
  readonly picture: string;
}

export interface Festival {
  readonly at: Date;
  readonly starts: Date;
  readonly ends: Date;
  readonly rooms: readonly Room[];
  readonly schedule: readonly Planned[];
  readonly regions: readonly string[];
  readonly categories: readonly string[];
}

export interface FoundGoods extends Goods {
  readonly room: string;
  readonly roomTitle: string;
  readonly org: string;
  readonly region: string;
  readonly show: string;
  readonly live: boolean;
  readonly ended: boolean;
}

export interface Found {
  readonly items: readonly FoundGoods[];
  readonly more: boolean;
}

const date = (value: unknown): Date => new Date(textOf(value));
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((v) => typeof v === 'string') : []);

function goodsFrom(value: unknown): Goods {
  const g = fieldsOf<'PublicGoods'>(value);
  return { id: textOf(g.id), title: textOf(g.title), titles: g.titles, price: g.price, listPrice: g.list_price, currency: g.currency, digits: g.digits, stock: textOf(g.stock), image: textOf(g.image) };
}

export const titleOf = (g: Goods, locale: string): string => inLocale(g.titles, locale) ?? g.title;

/** undefined: this is no festival. */
export function festivalFrom(value: unknown): Festival | undefined {
  const f = fieldsOf<'PublicFestival'>(value);
  if (!textOf(f.slug)) return undefined;
  return {
    at: date(f.at), starts: date(f.starts_at), ends: date(f.ends_at), regions: texts(f.regions), categories: texts(f.categories),
    rooms: listOf<'PublicPlace'>(f.rooms).map((r) => {
      const next = fieldsOf<'PublicPlanned'>(r.next);
      return {
        room: textOf(r.room), title: textOf(r.show_title) || textOf(r.title), org: textOf(r.org), region: textOf(r.region), live: r.live === true, waiting: r.waiting === true, show: textOf(r.show),
        viewers: typeof r.viewers === 'number' ? r.viewers : 0, picture: textOf(r.picture), pinned: r.pinned ? goodsFrom(r.pinned) : undefined, categories: texts(r.categories),
        next: r.next ? { show: textOf(next.show), title: textOf(next.title), starts: date(next.starts_at) } : undefined,
      };
    }),
    schedule: listOf<'PublicPlannedShow'>(f.schedule).map((s) => ({ show: textOf(s.show), title: textOf(s.title), starts: date(s.starts_at), room: textOf(s.room), roomTitle: textOf(s.room_title), region: textOf(s.region), picture: textOf(s.picture) })),
  };
}

/** undefined: this is no answer. */
export function foundFrom(value: unknown): Found | undefined {
  const f = fieldsOf<'PublicFound'>(value);
  if (!Array.isArray(f.items)) return undefined;
  return { more: f.more === true, items: listOf<'FoundGoods'>(f.items).map((g) => ({ ...goodsFrom(g), room: textOf(g.room), roomTitle: textOf(g.room_title), org: textOf(g.org), region: textOf(g.region), show: textOf(g.show), live: g.live === true, ended: g.ended === true })) };
}
