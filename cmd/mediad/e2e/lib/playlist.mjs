// What tests read in a playlist.

/** The text at a URL. */
export const get = async (url) => (await fetch(url)).text();

/** The number that a tag says. */
export const number = (text, tag) => Number(new RegExp(`#EXT-X-${tag}:(\\d+)`).exec(text)[1]);

/** How often a tag without a value stands there. */
export const count = (text, tag) => text.split(`#EXT-X-${tag}\n`).length - 1;

/** The addresses, as they stand there. */
export const uris = (text) => text.split('\n').filter((l) => l && !l.startsWith('#'));

/** The seconds of all segments. */
export const lengthOf = (text) => [...text.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, s]) => sum + Number(s), 0);
