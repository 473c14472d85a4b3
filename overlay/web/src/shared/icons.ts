import { html, svg, type TemplateResult } from 'lit';

const icon = (body: TemplateResult): TemplateResult =>
  html`<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${body}</svg>`;

const speaker = svg`<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z" fill="currentColor"/>`;

export const icons = {
  play: icon(svg`<path d="M8 5.2v13.6L19 12z" fill="currentColor"/>`),
  pause: icon(svg`<path d="M8 5v14M16 5v14" stroke-width="3.4"/>`),
  loud: icon(svg`${speaker}<path d="M15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>`),
  silent: icon(svg`${speaker}<path d="m16 9.5 5 5m0-5-5 5"/>`),
  grow: icon(svg`<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>`),
  shrink: icon(svg`<path d="M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5"/>`),
  pop: icon(svg`<path d="M20 11V6.500A1.500 1.500 0 0 0 18.500 5h-13A1.500 1.500 0 0 0 4 6.500v9A1.500 1.500 0 0 0 5.500 17H9"/><rect x="12.500" y="13.500" width="9" height="6.500" rx="1" fill="currentColor"/>`),
  close: icon(svg`<path d="M6 6l12 12M18 6 6 18"/>`),
  bag: icon(svg`<path d="M5.5 8h13l1 12h-15z"/><path d="M8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5"/>`),
  eye: icon(svg`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.6"/>`),
  clock: icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.500V12l3 2"/>`),
  replay: icon(svg`<path d="M4.5 12a7.5 7.5 0 1 0 2.4-5.500L4.5 8.8"/><path d="M4.5 4.500v4.300h4.3"/>`),
  gone: icon(svg`<rect x="3" y="6" width="13" height="12" rx="3"/><path d="m16 10.5 5-3v9l-5-3M4 3.500l15.5 17.5"/>`),
  horn: icon(svg`<path d="M4 10v4h3l8 4V6L7 10z"/><path d="M18.500 9.500a3.500 3.500 0 0 1 0 5M8 14.500l1.200 4.500"/>`),
  fill: icon(svg`<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M9.500 9v6M6.500 12h3M14.500 9v6M17.500 12h-3" stroke-width="1.600"/>`),
  whole: icon(svg`<rect x="3" y="5" width="18" height="14" rx="2"/><rect x="7.500" y="8.500" width="9" height="7" rx="1" stroke-width="1.600"/>`),
  tick: icon(svg`<path d="m5 12.500 4.500 4.500L19 7.500"/>`),
};
