/** Where the dock's token is kept: in this tab's sessionStorage, and in no address. */

const place = 'mediad-dock';

/** Takes a token out of the address (`#t=…`), which stands in the docks of OBS, or else gives the one of this tab; "": there is none. */
export function tokenOf(address: URL, store: Storage, replace: (url: string) => void): string {
  const given = new URLSearchParams(address.hash.slice(1)).get('t')?.trim();
  if (given) {
    store.setItem(place, given);
    const clean = new URL(address);
    clean.hash = '';
    replace(clean.href);
  }
  return given || (store.getItem(place) ?? '');
}

export const keep = (token: string, store: Storage): void => store.setItem(place, token);

export const forget = (store: Storage): void => store.removeItem(place);
