import type { Schemas } from '../context.ts';

export type Show = Schemas['StoredShow'];
type Timed = Pick<Show, 'started' | 'starts_at' | 'ended' | 'rehearsal'>;

/** When a show began, or is planned for; undefined: nobody has said. */
export const beginning = ({ started, starts_at }: Timed): string | undefined => started ?? starts_at;

/** How far a payment is from a show, in ms: 0 in the show itself. */
function distance(s: Timed, at: number): number {
  const begun = beginning(s);
  if (!begun) return Infinity;
  const from = Date.parse(begun);
  const to = s.ended ? Date.parse(s.ended) : s.started ? Infinity : from;
  return at < from ? from - at : at > to ? at - to : 0;
}

/** The shows that count, the one nearest to a payment first: one buys in a show or after it, so one that began later stands behind. */
export function nearest<S extends Timed>(shows: readonly S[], paid: string): S[] {
  const at = Date.parse(paid);
  const late = (s: S): number => (s.started && Date.parse(s.started) <= at ? 0 : 1);
  const of = (s: S): number => Math.min(distance(s, at), Number.MAX_SAFE_INTEGER);
  return shows.filter((s) => !s.rehearsal).sort((a, b) => late(a) - late(b) || of(a) - of(b));
}
