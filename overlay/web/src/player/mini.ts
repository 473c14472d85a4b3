import { html, type TemplateResult } from 'lit';
import { icons } from '../shared/icons.ts';
import { dress } from './dress.ts';
import styles from './mini.css?text';
import type { Words } from './words.ts';

/** What the small picture in the corner has: the way back, a pause, and its end. */

export interface MiniActions {
  back(): void;
  toggle(): void;
  close(): void;
}

export function mini(root: ShadowRoot, paused: boolean, t: Words, act: MiniActions): TemplateResult {
  dress(root, styles);
  const key = (name: string, label: string, icon: TemplateResult, press: () => void): TemplateResult =>
    html`<button class=${name} part="control" aria-label=${label} title=${label} @click=${press}>${icon}</button>`;
  return html`<div class="mini" part="mini" role="group" aria-label=${t.miniName}>
    ${key('back', t.miniBack, icons.grow, act.back)}
    ${paused ? key('go', t.play, icons.play, act.toggle) : key('go', t.pause, icons.pause, act.toggle)}
    ${key('shut', t.miniClose, icons.close, act.close)}
  </div>`;
}
