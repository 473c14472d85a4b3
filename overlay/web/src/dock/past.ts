import { listOf, textOf } from '../shared/api.ts';
import { home } from '../shared/server.ts';
import { parseItem, type Item } from './item.ts';
import { told, toldOf, type Told } from './told.ts';

/** What was done in a show before this page came. */

/** Reads the events of a show, as the server lists them: the latest first. Cards of earlier events have titles that later ones lack; `unknown` are products of which there is none. `pos` is the place of the latest event. */
export function pastOf(json: unknown, known: (product: string) => Item | undefined): { readonly told: readonly Told[]; readonly unknown: readonly string[]; readonly pos: number } {
  const events = listOf<'PastEvent'>(json);
  const cards = new Map<string, Item>();
  const priced = new Map<string, number>();
  let list: readonly Told[] = [];
  const unknown = new Set<string>();
  for (const e of [...events].reverse()) {
    const card = parseItem((e.event as { product?: unknown } | undefined)?.product, home);
    if (card && !cards.has(card.id) && card.title !== card.id) cards.set(card.id, card);
    const t = toldOf({ kind: textOf(e.kind), id: textOf(e.id), data: e }, (id) => known(id) ?? cards.get(id), priced);
    if (!t) continue;
    if (t.product && !known(t.product) && !cards.has(t.product)) unknown.add(t.product);
    list = told(list, t);
  }
  return { told: list, unknown: [...unknown], pos: Number(events[0]?.id) || 0 };
}

/** The list with what the log of a show says (`past`, newest first), whatever this page had heard of that show up to `pos`. What no log has stays, and what came since. */
export function recalled(list: readonly Told[], past: readonly Told[], show: string, pos: number): readonly Told[] {
  const own = list.filter((t) => t.pos === 0 || t.show !== show || t.pos > pos);
  return [...own, ...past].sort((a, b) => b.at.getTime() - a.at.getTime());
}
