import type { Goods, Line } from '../shows/change.ts';

/** The line behind the present one; without one, the first: as overlay.Lineup.Step has it, which the dock's “Next” follows. What is sold out is no exception. */
export const nextOf = (lines: readonly Line[], present: string): Line | undefined => lines[lines.findIndex((l) => l.product === present) + 1];

/** Of a next line that is sold out: the first one behind it that is not. */
export function insteadOf(lines: readonly Line[], next: Line | undefined): Line | undefined {
  return next?.goods.stock === 'out' ? lines.slice(lines.indexOf(next) + 1).find((l) => l.goods.stock !== 'out') : undefined;
}

/** How a product is on the picture: the newest pin is what viewers see, what was pinned earlier stands beside it. */
export function placeOf(pins: readonly Goods[], product: string): 'now' | 'also' | '' {
  const at = pins.findIndex((p) => p.id === product);
  return at < 0 ? '' : at === pins.length - 1 ? 'now' : 'also';
}
