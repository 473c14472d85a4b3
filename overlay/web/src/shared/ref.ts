/** Shared links: the code that stands in those of this page, and the one by which its viewer came. */

const at = Symbol.for('mediad.ref');
const code = /^[a-z0-9]{4,16}$/;

/** The code of this page, drawn when it opens. It names nobody, and does not tell the number of the viewer. */
export const ref = (): string =>
  ((globalThis as { [at]?: string })[at] ??= [...crypto.getRandomValues(new Uint8Array(8))].map((b) => (b % 36).toString(36)).join(''));

/** A link to be shared. */
export function shared(url: string): string {
  const to = new URL(url);
  to.searchParams.set('ref', ref());
  return to.href;
}

/** The code of the link by which the viewer of a page came; "": it was none. Pages of other sites use the word for things of their own. */
export function cameBy(page: { readonly href: string }, server: string): string {
  const url = new URL(page.href);
  const said = url.searchParams.get('ref') ?? '';
  return code.test(said) && new URL(server, url).origin === url.origin ? said : '';
}
