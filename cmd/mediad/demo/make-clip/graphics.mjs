// What a broadcaster lays over the picture: the show's mark, the "next" ring, the name of what is
// shown, and the wipe between scenes.
import { C, bee, cob, cup, apple } from './goods.mjs';
import { back, circle, clamp, el, line, n, out, path, place, ramp, rect, smooth, text, wave } from './svg.mjs';

// mark: top centre, with the live lamp. A player has its own words in the corners and its card below.
export const mark = (t) =>
  place(431, 20, 0, 1,
    rect(0, 0, 418, 64, 32, C.forest), circle(34, 32, 25, C.cream), place(33, 32, 18, 0.24, cob()),
    text(72, 42, 28, 600, C.cream, 'Corn Town Market'),
    rect(318, 14, 86, 36, 18, C.red), circle(337, 32, 6 + 1.2 * wave(t, 2), '#FFFFFF'), text(350, 40, 22, 600, '#FFFFFF', 'Live'));

const icons = { corn: () => place(0, 2, 14, 0.2, cob()), honey: () => place(0, 2, 0, 0.82, bee(0)), basket: () => place(0, 2, 0, 0.48, apple()), tea: () => place(-3, -1, 0, 0.36, cup()) };

// next: bottom right; the ring fills until the next scene comes.
export function next(u, length, name, icon) {
  const around = 2 * Math.PI * 28, k = clamp(u / length);
  return place(1240, 590, 0, 1,
    rect(-196, 0, 196, 64, 32, C.forest), text(-178, 27, 17, 500, '#A9CDB4', 'Coming up'), text(-178, 50, 23, 600, C.cream, name),
    circle(-32, 32, 28, C.cream), place(-32, 32, 0, 1, icons[icon]()), circle(-32, 32, 28, 'none', { stroke: '#3A6B58', 'stroke-width': 5 }),
    el('circle', { cx: -32, cy: 32, r: 28, fill: 'none', stroke: C.corn, 'stroke-width': 5, 'stroke-linecap': 'round', transform: 'rotate(-90 -32 32)', 'stroke-dasharray': `${n(around * k)} ${n(around)}` }));
}

// third: at the left, above a player's card. Plates grow from the left, words rise into them.
export function third(u, at, end, w) {
  if (u < at || u > end + 0.6) return '';
  const leave = smooth(ramp(u, end, end + 0.45));
  const plate = (i, y, width, h, fill, words) => {
    const k = out(ramp(u, at + i * 0.1, at + 0.45 + i * 0.1)), id = `third${i}`;
    if (k <= 0) return '';
    const rise = 1 - out(ramp(u, at + 0.18 + i * 0.1, at + 0.62 + i * 0.1));
    return el('clipPath', { id }, rect(0, y, width * k, h, 14, '#fff')) + el('g', { 'clip-path': `url(#${id})` }, rect(0, y, width, h, 14, fill), place(0, rise * h, 0, 1, words));
  };
  return place(56 - leave * 620, 236, 0, 1,
    plate(0, 0, w.widths[0], 42, C.corn, text(20, 29, 22, 600, '#5A3A12', w.from)),
    plate(1, 34, w.widths[1], 86, C.paper, text(22, 94, 54, 600, C.forest, w.name) + text(w.widths[1] - 24, 92, 40, 400, C.red, w.chinese, { 'text-anchor': 'end' })),
    plate(2, 112, w.widths[2], 46, C.forest, text(22, 143, 23, 500, C.cream, w.words)));
}

// wipe covers all at the cut itself, so the key frame there is a flat picture and costs next to nothing.
// Three slanted bands and the mark sweep over the cut. k runs from -1 (not yet) over 0 (all covered) to 1 (gone).
export function wipe(k) {
  if (k <= -1 || k >= 1) return '';
  const band = (delay, c) => {
    const head = -420 + 2050 * smooth(clamp((k + 1 - delay) / (1 - 0.36))), tail = -420 + 2050 * smooth(clamp((k - (0.36 - delay)) / (1 - 0.36)));
    return path(`M${n(tail)} 0H${n(head)}L${n(head - 260)} 720H${n(tail - 260)}Z`, c);
  };
  const pop = k < 0 ? back(ramp(k, -0.45, -0.02)) : 1 - smooth(ramp(k, 0.08, 0.4));
  return band(0, C.red) + band(0.17, C.corn) + band(0.34, C.leafDark) +
    (pop > 0.02 ? place(640, 360, 0, pop, circle(0, 0, 108, C.cream), place(0, 6, 16, 0.86, cob())) : '');
}

export const steam = (x, y, t, height, phase, width = 9) => {
  const pts = [0, 1, 2, 3].map((i) => [x + 11 * Math.sin(2 * Math.PI * (t / 2 + phase) + i * 1.5) * (0.3 + i * 0.24), y - (i * height) / 3]);
  const [a, b, c, d] = pts.map((p) => `${n(p[0])} ${n(p[1])}`);
  return line(`M${a}C${b} ${c} ${d}`, '#FFFFFF', width, { opacity: 0.55 });
};
