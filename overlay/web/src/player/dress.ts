import { unsafeCSS } from 'lit';

const dressed = new WeakMap<ShadowRoot, Set<string>>();

/** Adds styles of what is loaded later to the player's, once. */
export function dress(root: ShadowRoot, styles: string): void {
  const has = dressed.get(root) ?? new Set();
  if (has.has(styles)) return;
  dressed.set(root, has.add(styles));
  const sheet = 'adoptedStyleSheets' in root && unsafeCSS(styles).styleSheet;
  if (sheet) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  else root.append(Object.assign(document.createElement('style'), { textContent: styles }));
}
