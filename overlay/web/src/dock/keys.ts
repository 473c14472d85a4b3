/** The keys of the dock. */

export const keys = { down: 'J', up: 'K', pin: 'P', unpin: 'U', next: 'N', previous: 'B', soldOut: 'S', putNext: 'X', search: '/', undo: 'Z', help: '?' } as const;
export type Act = keyof typeof keys;

/** What of a KeyboardEvent counts. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

/** What a key does; undefined: nothing. On a keyboard without Latin letters the place of the key counts. */
export function actOf(e: Press): Act | undefined {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return undefined;
  const letter = /^[ -~]$/.test(e.key) ? e.key.toUpperCase() : (/^Key([A-Z])$/.exec(e.code)?.[1] ?? e.key);
  return (Object.keys(keys) as Act[]).find((act) => keys[act] === letter);
}

/** A phone has no keys, so nothing is said about them there. */
export const hasKeys = (): boolean => matchMedia('(hover: hover)').matches;
