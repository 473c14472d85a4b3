import { svg, type SVGTemplateResult } from 'lit';

/** Small bars of numbers by minute, in a drawing of `width` times 24. */

export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const high = 24;
const gap = 1;

/** What stands for each number; the greatest has the whole height, and one above zero can be seen. */
export function barsOf(values: readonly number[], width: number): Bar[] {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  return values.flatMap((n, i) => {
    if (n <= 0) return [];
    const height = Math.max(2, (n / most) * high);
    return [{ x: i * step, y: high - height, width: step - gap, height }];
  });
}

/** They are said in words where they stand: the drawing itself is hidden from screen readers. */
export const bars = (values: readonly number[]): SVGTemplateResult => svg`<svg class="bars" viewBox="0 0 180 ${high}" preserveAspectRatio="none" aria-hidden="true">
  ${barsOf(values, 180).map((b) => svg`<rect x=${b.x} y=${b.y} width=${b.width} height=${b.height} rx="1"></rect>`)}</svg>`;
