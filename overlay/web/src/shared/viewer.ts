/**
 * The number of the viewer: drawn for each page that opens, and forgotten when it closes. There is no cookie. The player and the page around
 * it are built apart, so it stands where both find it.
 */
const at = Symbol.for('mediad.viewer');

export const viewer = (): string =>
  ((globalThis as { [at]?: string })[at] ??= [...crypto.getRandomValues(new Uint8Array(8))].map((b) => b.toString(16).padStart(2, '0')).join(''));
