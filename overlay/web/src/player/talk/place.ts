import type { MediadPlayer } from '../player.ts';

/** Where the chat stands, and what this browser keeps for it. */

const key = 'mediad-name'; // in localStorage: what the viewer is called in chats

/** The name that the viewer gave, or gives now; "" forgets it. It is no cookie: the server gets it with a comment alone. */
export function name(now?: string): string {
  try {
    if (now) localStorage.setItem(key, now);
    else if (now === '') localStorage.removeItem(key);
    return localStorage.getItem(key) ?? '';
  } catch {
    return (kept = now ?? kept); // a browser that keeps nothing
  }
}
let kept = '';

type Identity = string | (() => string | Promise<string>);

/** The signed token by which the page around the player tells who the viewer is. */
export const asked = (player: MediadPlayer): Identity | undefined => (player as { identity?: Identity }).identity ?? player.getAttribute('identity') ?? undefined;

/** The place that the page around a player has for its chat, where it can be seen. */
export function spot(player: MediadPlayer): Element | undefined {
  if (document.fullscreenElement) return undefined;
  const place = document.querySelector(`[data-mediad-chat="${CSS.escape(player.room)}"]`);
  return place?.getClientRects().length ? place : undefined;
}

/** The room for comments over the picture, at its lower left, above the card and the controls; undefined: there is none. */
export function room(stage: HTMLElement, player: MediadPlayer): { bottom: number; height: number } | undefined {
  const box = stage.getBoundingClientRect();
  const wide = Math.min(box.width * 0.78, 340);
  const rtl = getComputedStyle(stage).direction === 'rtl';
  const [from, to] = rtl ? [box.right - wide, box.right] : [box.left, box.left + wide];
  let low = box.bottom - 8;
  for (const e of stage.querySelectorAll('.shelf > *, .controls, .ways')) {
    const r = e.getBoundingClientRect();
    if (r.height && r.right > from && r.left < to) low = Math.min(low, r.top);
  }
  let high = box.top + 60;
  for (const e of stage.querySelectorAll('.board > *, .name, .poll > *')) high = Math.max(high, e.getBoundingClientRect().bottom + 4);
  const free = low - high - 52; // without the button
  if (free < 0 || player.dataset['state'] === 'connecting') return undefined;
  return { bottom: Math.round(box.bottom - low + 8), height: Math.round(Math.min(220, free * 0.6)) };
}

const styled = new WeakSet<object>();

function style(of: ShadowRoot | Document, css: string): void {
  if (styled.has(of)) return;
  styled.add(of);
  const e = Object.assign(document.createElement('style'), { textContent: css });
  (of instanceof Document ? of.head : of).append(e);
}

/** The column of the watch page; a page of its own gives the place a height. */
export const pageStyle = (): void => style(document, `[data-mediad-chat]{position:relative}[data-mediad-chat]>mediad-talk{display:block;height:100%;min-height:320px}
@media (min-width:1100px) and (min-height:541px){.show:has(>.talk>mediad-talk){display:grid;grid-template-columns:minmax(0,1fr) 340px;gap:16px;max-width:1720px}.talk{min-height:420px}.talk>mediad-talk{position:absolute;inset:0}}
@media (max-width:1099.9px),(max-height:540.9px){.talk{display:none}}`);

/** The open sheet beside the picture, where the player is wide. */
export const playerStyle = (player: MediadPlayer): void => style(player.renderRoot as ShadowRoot, `mediad-talk{inset:0;z-index:3;pointer-events:none}
@container mediad (min-width:700px) and (min-height:420.1px){:host([data-talk]) :is(video,.poster,.tap,.shade){width:calc(100% - 340px)}:host([data-talk]) :is(.controls,.unmute,.board,.notice){margin-inline-end:340px}:host([data-talk][data-shape=tall]) .shelf{visibility:hidden}}`);
