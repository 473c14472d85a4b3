import { html, svg, type TemplateResult } from 'lit';

const icon = (body: TemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${body}</svg>`;

/** Icons of the studio. Words stand beside them. */
export const icons = {
  home: icon(svg`<path d="m3 11.500 9-8 9 8M5.500 9.500V20h13V9.500M10 20v-5.500h4V20"/>`),
  rooms: icon(svg`<rect x="3" y="6" width="13" height="12" rx="3"/><path d="m16 10.500 5-3v9l-5-3"/>`),
  shows: icon(svg`<rect x="3.500" y="5" width="17" height="15.500" rx="2.500"/><path d="M3.500 10h17M8 3v4M16 3v4M8 14h5"/>`),
  catalogue: icon(svg`<path d="M4 12V5.500A1.500 1.500 0 0 1 5.500 4H12l8.500 8.500-8 8z"/><circle cx="8.500" cy="8.500" r="1.300"/>`),
  replays: icon(svg`<path d="M4.500 12a7.500 7.500 0 1 0 2.400-5.500L4.500 8.800"/><path d="M4.500 4.500v4.300h4.300M12 8.500V12l2.500 2"/>`),
  usage: icon(svg`<path d="M4 20V10M10 20V4M16 20v-7M21 20H3"/>`),
  festivals: icon(svg`<path d="M5 21V4M5 5h13l-3 4 3 4H5"/>`),
  reports: icon(svg`<path d="M4 20h16M5 16l4.500-5.500 3.500 3 6-7.500M14.500 6H19v4.500"/>`),
  webhooks: icon(svg`<path d="M4 12h11m0 0-4.500-4.500M15 12l-4.500 4.500M15 4h5v16h-5"/>`),
  shops: icon(svg`<path d="M4 10.500V20h16v-9.500M3 9l2-5h14l2 5a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0zM10 20v-5.500h4V20"/>`),
  orders: icon(svg`<path d="M6 3.500h12V21l-3-2-3 2-3-2-3 2zM9.500 8.500h5M9.500 12.500h5"/>`),
  people: icon(svg`<circle cx="9" cy="8.500" r="3.500"/><path d="M2.500 19.500c.6-3.500 3.200-5.500 6.500-5.500s5.900 2 6.500 5.500M16 5.500a3.300 3.300 0 0 1 0 6.200M17.800 14.500c2 .7 3.300 2.400 3.700 5"/>`),
  tokens: icon(svg`<circle cx="8" cy="15.500" r="4.500"/><path d="m11.200 12.300 8.300-8.300M16 7.500l3 3M13.500 10l2 2"/>`),
  audit: icon(svg`<path d="M8 6h12M8 12h12M8 18h12"/><path d="M4 6h.01M4 12h.01M4 18h.01" stroke-width="2.600"/>`),
  privacy: icon(svg`<path d="M12 3 5 6v6q0 6 7 9 7-3 7-9V6z"/>`),
  settings: icon(svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`),
  account: icon(svg`<circle cx="12" cy="8.500" r="4"/><path d="M4.500 20c.8-4 3.800-6 7.500-6s6.700 2 7.500 6"/>`),
  more: icon(svg`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>`),
  copy: icon(svg`<rect x="8.500" y="8.500" width="11.500" height="11.500" rx="2.500"/><path d="M15.500 5.500A1.500 1.500 0 0 0 14 4H5.500A1.500 1.500 0 0 0 4 5.500V14a1.500 1.500 0 0 0 1.500 1.500"/>`),
  done: icon(svg`<path d="m5 12.500 4.500 4.500L19 7.500"/>`),
  search: icon(svg`<circle cx="10.500" cy="10.500" r="6.500"/><path d="m15.500 15.500 5 5"/>`),
  add: icon(svg`<path d="M12 5v14M5 12h14"/>`),
  close: icon(svg`<path d="M6 6l12 12M18 6 6 18"/>`),
};
