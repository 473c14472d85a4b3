import { html, nothing, type TemplateResult } from 'lit';
import type { Schemas } from '../shared/api.ts';
import { say } from '../shared/language.ts';
import type { Words } from './words.ts';

/** How the units of a product stand that the show may sell, all of its variants together, and who counts them. */
export function unitsOf(all: readonly Schemas['Allocation'][], product: string, words: Words): TemplateResult | typeof nothing {
  const own = all.filter((u) => u.product === product);
  if (!own.length) return nothing;
  const [total, held, sold] = (['total', 'held', 'sold'] as const).map((k) => own.reduce((n, u) => n + u[k], 0)) as [number, number, number];
  const promise = { 'allocated-hold': words.dockUnitsHold, 'allocated-link': words.dockUnitsLink }[own[0]!.stock as string] ?? words.dockUnitsExternal;
  return html`<span class="more units"><b>${say(words.dockUnitsLeft, { left: total - held - sold, total })}</b> · ${say(words.dockUnitsHeld, { n: held })} · ${say(words.dockUnitsSold, { n: sold })} · ${promise}</span>`;
}
