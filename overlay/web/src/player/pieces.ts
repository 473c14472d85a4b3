import { addressOf, read } from '../shared/api.ts';
import type { Cue } from '../shared/cue.ts';
import type { CueDetail } from './events.ts';
import type { MediadPlayer } from './player.ts';
import { serverAt } from '../shared/server.ts';
import { chatAddress, chatOf } from './talk/door.ts';
import { tally } from './tallied.ts';

/** What the player loads where a show has what it is for. Each piece is a bundle of its own (`pieces` in build.mjs) with a budget (build/budget.mjs), and this one knows when it is needed. It has no Lit, and neither have they. */
export interface Pieces {
  coupon: typeof import('./coupon.ts');
  poll: typeof import('./poll/poll.ts');
  crowd: typeof import('./crowd.ts');
  points: typeof import('./points.ts');
  remind: typeof import('./remind.ts');
  talk: typeof import('./talk/talk.ts');
}

const piece = <Name extends keyof Pieces>(name: Name): Promise<Pieces[Name]> => import(new URL(PIECE_FILES[name], import.meta.url).href);

/** A player begins to wait for a show, to play one, or has played it; its `data-state` says which. That comes again each time. */
export function attend(player: MediadPlayer): void {
  tally(player);
  if (!polled.has(player)) player.addEventListener('mediad:cue', poll);
  polled.add(player);
  if (!player.preview && /live|replay/.test(player.dataset['state']!)) void piece('crowd').then((m) => m.attend(player));
  const waits = /before|ended/.test(player.dataset['state']!);
  if (!player.preview && (waits || reminded)) void piece('remind').then((m) => (waits ? m.attend : m.came)(player));
  void chat(player);
  void rewards(player);
}

const polled = new WeakSet<MediadPlayer>();

/** A cue of a show that has a poll; each segment repeats an open one. */
function poll(this: MediadPlayer, e: Event): void {
  const { cue } = (e as CustomEvent<CueDetail>).detail;
  if (!cue['poll']) return;
  this.removeEventListener('mediad:cue', poll);
  void piece('poll').then((m) => m.attend(this, cue));
}

const reminded = /[?&]r=/.test(location.search); // a reminder led here

const again = 45_000; // ms until it is asked whether there is a chat by now
const waiting = new WeakMap<MediadPlayer, ReturnType<typeof setTimeout>>();

/** Where there is something to read or to write, the chat comes. */
async function chat(player: MediadPlayer): Promise<void> {
  clearTimeout(waiting.get(player));
  const show = chatOf(player);
  const page = show ? ((await read(chatAddress(serverAt(player.origin), show))) as { open?: unknown; comments?: unknown[] } | undefined) : undefined;
  if (page?.open || page?.comments?.length) return (await piece('talk')).attend(player);
  if (player.isConnected) waiting.set(player, setTimeout(() => void chat(player), again * (1 + Math.random())));
}

const later = 120_000; // ms until it is asked whether there is a reward by now
const rewarded = new WeakMap<MediadPlayer, ReturnType<typeof setTimeout>>();

/** Where a show that is on has a coupon for points, they come. */
async function rewards(player: MediadPlayer): Promise<void> {
  clearTimeout(rewarded.get(player));
  const { show } = player.programme;
  if (player.preview || player.dataset['state'] !== 'live') return;
  const live = show ? ((await read(addressOf(serverAt(player.origin), '/c/{show}/{file}', { show, file: 'live.json' }))) as { rewards?: unknown[] } | undefined) : undefined;
  if (live?.rewards?.length) return (await piece('points')).attend(player);
  if (player.isConnected) rewarded.set(player, setTimeout(() => void rewards(player), (show ? later : 1000) * (1 + Math.random())));
}

/** A cue of a show that has coupons. */
export const hear = async (cue: Cue, player: ParentNode): Promise<void> => (await piece('coupon')).hear(cue, player);
