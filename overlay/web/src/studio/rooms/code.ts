import type { Schemas } from '../context.ts';

/** Code that puts a room's player onto another page. */

type Place = Pick<Schemas['RoomBody'], 'slug' | 'title' | 'pages'>;

const quoted = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export const scriptCode = ({ slug, pages }: Place, theme: string): string =>
  `<script type="module" src="${quoted(pages.script)}"></script>\n<mediad-player room="${slug}"${theme ? ` theme="${theme}"` : ''}></mediad-player>`;

/** The address of a player in light or dark; "": as the viewer's device has it. */
export const themed = (address: string, theme: string): string => (theme ? `${address}${address.includes('?') ? '&' : '?'}theme=${theme}` : address);

/** The address at which the studio shows a player: in the reader's language, and for a host, who is no viewer. */
export const shownAt = (address: string, locale: string): string => `${address}?lang=${encodeURIComponent(locale)}&preview=1`;

export const frameCode = ({ title, pages }: Place, theme: string): string =>
  `<iframe src="${quoted(themed(pages.embed, theme))}" title="${quoted(title)}" width="640" height="360" style="border:0;max-width:100%" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen loading="lazy"></iframe>`;

/** Whether an address reaches the server from its own machine alone. */
export const isOwnMachine = (address: string): boolean => /^[a-z]+:\/\/(localhost([:/]|$)|127\.|\[::1\])/.test(address);

/** A link that opens the app Larix Broadcaster with a connection to `address`, which it offers to import. */
export const larixLink = (address: string, name: string): string =>
  `larix://set/v1?conn[][url]=${encodeURIComponent(address)}&conn[][name]=${encodeURIComponent(name)}&conn[][mode]=av`;
