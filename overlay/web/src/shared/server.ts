/**
 * Where this module came from is where its server is: the folder above assets/, which is a path below the host where the
 * server is served so. Never with a slash at its end.
 */
export const home = folder(new URL('..', import.meta.url));

/** The address of a server as a page gives it; `home` where that is none. */
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
