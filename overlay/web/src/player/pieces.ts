import type { Cue } from '../shared/cue.ts';
import type { MediadPlayer } from './player.ts';
import { tally } from './tallied.ts';

/** What the player loads where a show has what it is for. Each piece is a bundle of its own (`pieces` in build.mjs) with a budget (build/budget.mjs), and this one knows when it is needed. It has no Lit, and neither have they. */
export interface Pieces {
  coupon: typeof import('./coupon.ts');
  crowd: typeof import('./crowd.ts');
}

const piece = <Name extends keyof Pieces>(name: Name): Promise<Pieces[Name]> => import(new URL(PIECE_FILES[name], import.meta.url).href);

/** A player begins to wait for a show, to play one, or has played it; its `data-state` says which. That comes again each time. */
export function attend(player: MediadPlayer): void {
  tally(player);
  if (!player.preview && /live|replay/.test(player.dataset['state']!)) void piece('crowd').then((m) => m.attend(player));
}

/** A cue of a show that has coupons. */
export const hear = async (cue: Cue, player: ParentNode): Promise<void> => (await piece('coupon')).hear(cue, player);
