/**
 * The server is where this module came from: the folder above assets/. Its address has a path if the server is published
 * under one, and never a slash at its end.
 */
export const home = folder(new URL('..', import.meta.url));

/** The address of a server that a page gives; `home` if it gives none. */
export function serverAt(address: string): string {
  if (!address) return home;
  try {
    return folder(new URL(address, location.href));
  } catch {
    return home;
  }
}

function folder(url: URL): string {
  return url.origin + url.pathname.replace(/\/+$/, '');
}
