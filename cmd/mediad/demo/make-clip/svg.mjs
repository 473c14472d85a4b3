// Small helpers for drawing SVG as strings, and the easings of the show.
// Everything is a pure function of its arguments: the same frame is always the same picture.

export const n = (x) => String(Math.round(x * 100) / 100);

const attrs = (a) =>
  Object.entries(a)
    .filter(([, v]) => v !== undefined && v !== null)
    .map(([k, v]) => ` ${k}="${typeof v === 'number' ? n(v) : v}"`)
    .join('');

export const el = (name, a, ...inner) =>
  inner.length ? `<${name}${attrs(a)}>${inner.flat(9).join('')}</${name}>` : `<${name}${attrs(a)}/>`;

export const path = (d, fill, a = {}) => el('path', { d, fill, ...a });
export const line = (d, stroke, width, a = {}) =>
  el('path', { d, fill: 'none', stroke, 'stroke-width': width, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', ...a });
export const rect = (x, y, w, h, rx, fill, a = {}) => el('rect', { x, y, width: w, height: h, rx: rx || undefined, fill, ...a });
export const circle = (cx, cy, r, fill, a = {}) => el('circle', { cx, cy, r, fill, ...a });
export const ellipse = (cx, cy, rx, ry, fill, a = {}) => el('ellipse', { cx, cy, rx, ry, fill, ...a });
export const text = (x, y, size, weight, fill, s, a = {}) =>
  el('text', { x, y, 'font-size': size, 'font-weight': weight, fill, 'font-family': 'Fredoka, ZCOOL KuaiLe', ...a }, s);

// place puts a drawing made around (0,0) somewhere else.
export const place = (x, y, rot, scale, ...inner) => {
  const [sx, sy] = Array.isArray(scale) ? scale : [scale, scale];
  const t =
    `translate(${n(x)} ${n(y)})` + (rot ? ` rotate(${n(rot)})` : '') + (sx !== 1 || sy !== 1 ? ` scale(${n(sx)} ${n(sy)})` : '');
  return el('g', { transform: t }, ...inner);
};
export const fade = (opacity, ...inner) => (opacity <= 0.004 ? '' : opacity >= 0.996 ? inner.flat(9).join('') : el('g', { opacity }, ...inner));

export const clamp = (x, a = 0, b = 1) => Math.min(b, Math.max(a, x));
export const mix = (a, b, k) => a + (b - a) * k;
export const mixp = (p, q, k) => [mix(p[0], q[0], k), mix(p[1], q[1], k)];
// ramp goes from 0 to 1 while t goes from a to b.
export const ramp = (t, a, b) => clamp((t - a) / (b - a));
export const smooth = (k) => k * k * (3 - 2 * k);
export const out = (k) => 1 - (1 - k) ** 3;
export const back = (k) => 1 + 2.2 * (k - 1) ** 3 + 1.2 * (k - 1) ** 2;
export const during = (t, a, b, d = 0.4) => smooth(ramp(t, a, a + d)) * (1 - smooth(ramp(t, b - d, b)));
export const wave = (t, period, phase = 0) => Math.sin(2 * Math.PI * (t / period + phase));

// noise gives a fixed pseudo-random number in [0,1) for a whole number.
export const noise = (i) => {
  const x = Math.sin(i * 127.1 + 11.7) * 43758.5453;
  return x - Math.floor(x);
};
