import type { MediadPlayer } from '../player.ts';

/** Which chat a player has, which the player's piece for it and what loads that both ask. */

/** The show whose chat belongs to what a player plays, or waits for; `now` is the one that is there already. "": there is none. */
export function chatOf(player: MediadPlayer, now = ''): string {
  if (player.preview || player.getAttribute('chat') === 'off') return '';
  const { show, next } = player.programme;
  return (/live|interrupted|replay/.test(player.dataset['state'] ?? '') && show) || now || next || '';
}

export const chatAddress = (origin: string, show: string): string => `${origin}/c/${encodeURIComponent(show)}/chat`;
