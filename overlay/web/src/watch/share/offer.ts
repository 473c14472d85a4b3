import phrases from '../../generated/strings/watch-share.ts';
import type { MediadPlayer } from '../../player/player.ts';
import { offer } from '../../shared/ways.ts';
import { share } from '../share.ts';

export { copy, embed } from '../share.ts';

/** The share button of the page: it shares an address, or the moment that plays there. */
export function offered(player: MediadPlayer | null, plain: string, button: HTMLElement, copied: string): void {
  const t = phrases[document.documentElement.lang === 'zh' ? 'zh' : 'en']; // the page is in one of them
  offer(button, plain, player?.programme ?? { show: '' }, { shareWhole: t.wholeShow, shareFrom: t.fromTime, shareFromHere: t.fromThis }, (url) => share(url, button, copied));
}
