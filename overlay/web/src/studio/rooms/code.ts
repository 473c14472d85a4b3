import type { Schemas } from '../context.ts';

/** Code that puts a room's player onto another page. */

type Place = Pick<Schemas['RoomBody'], 'slug' | 'title' | 'pages'>;

const quoted = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export const scriptCode = ({ slug, pages }: Place, theme: string): string =>
  `<script type="module" src="${quoted(pages.script)}"></script>\n<mediad-player room="${slug}"${theme ? ` theme="${theme}"` : ''}></mediad-player>`;

export const frameCode = ({ title, pages }: Place): string =>
  `<iframe src="${quoted(pages.embed)}" title="${quoted(title)}" width="640" height="360" style="border:0;max-width:100%" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen loading="lazy"></iframe>`;
