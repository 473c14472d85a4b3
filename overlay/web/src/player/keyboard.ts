import { keyed } from './seek.ts';

export interface KeyActions {
  toggle(): void;
  mute(): void;
  fullscreen(): void;
  /** Moves by seconds. */
  shift(by: number): void;
  loudness(by: number): void;
  seek(to: number): void;
}

/** The action of a key in the player; undefined: the browser handles the key, or nobody does. */
export function pressed(e: KeyboardEvent, place: { readonly at: number; readonly duration: number }, act: KeyActions): (() => void) | undefined {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey) return undefined;
  const on = e.composedPath()[0] as HTMLElement;
  const own = on.closest?.('a,button,input');
  const slider = on instanceof HTMLInputElement;
  const to = slider && on.classList.contains('seek') ? keyed(e.key, place.at, place.duration) : undefined;
  if (to !== undefined) return () => act.seek(to);
  const press: Record<string, () => void> = {
    m: act.mute,
    f: act.fullscreen,
    ...(own ? {} : { ' ': act.toggle, k: act.toggle }),
    ...(slider ? {} : {
      ArrowLeft: () => act.shift(-5),
      ArrowRight: () => act.shift(5),
      ArrowUp: () => act.loudness(0.1),
      ArrowDown: () => act.loudness(-0.1),
    }),
  };
  return press[e.key.length === 1 ? e.key.toLowerCase() : e.key];
}
