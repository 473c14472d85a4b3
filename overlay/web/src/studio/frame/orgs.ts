import type { Org } from '../context.ts';

/** Organisations as a tree: each below its own, in the order of their names. */
export function nested(orgs: readonly Org[]): { readonly org: Org; readonly depth: number }[] {
  const known = new Set(orgs.map((o) => o.id));
  const below = new Map<string, Org[]>();
  for (const o of orgs) {
    const parent = o.parent && known.has(o.parent) ? o.parent : '';
    below.set(parent, [...(below.get(parent) ?? []), o]);
  }
  const walk = (parent: string, depth: number): { org: Org; depth: number }[] =>
    (below.get(parent) ?? []).sort((a, b) => a.name.localeCompare(b.name)).flatMap((org) => [{ org, depth }, ...walk(org.id, depth + 1)]);
  return walk('', 0);
}
