// The set: a market stall before hills, in four lights of one day. Layers at different depths
// move differently, so a slow camera gives parallax.
import { C, apple, aubergine, cob, jar, pear, tin } from './goods.mjs';
import { circle, ellipse, line, n, noise, path, place, rect, wave } from './svg.mjs';

export const lights = {
  morning: { sky: '#FFE9C3', disc: '#FFD26A', at: [500, 262, 70], cloud: '#FFF7E4', hills: ['#E3D58F', '#B4C370', '#83A85B'], field: '#5F9450', dusk: 0, hour: 9 },
  noon: { sky: '#CDE9EA', disc: '#FFF2B8', at: [430, 176, 58], cloud: '#FFFFFF', hills: ['#B9D9AE', '#94C07C', '#70A85C'], field: '#54924C', dusk: 0, hour: 12 },
  afternoon: { sky: '#FFD8A6', disc: '#FF9F5C', at: [300, 330, 86], cloud: '#FFEBCF', hills: ['#EDBB79', '#CBAA5C', '#96A452'], field: '#74913F', dusk: 0, hour: 16 },
  dusk: { sky: '#36426E', disc: '#FFF1CC', at: [370, 190, 46], cloud: '#48558A', hills: ['#33597A', '#2A4F66', '#224453'], field: '#1B3A42', dusk: 1, hour: 19 },
};

const cloud = (x, y, s, c) =>
  place(x, y, 0, s, path('M-90 20C-112 20-112-12-86-14C-84-44-38-52-24-28C-8-46 34-40 36-14C60-18 74 20 48 20Z', c));

function windmill(x, y, s, t, light) {
  const wall = light.dusk ? '#7A86B5' : '#FFF3DA', cap = light.dusk ? '#8A4A4A' : C.red, blade = light.dusk ? '#A9B2D6' : C.woodDark;
  const sail = path('M-3 0L-4-78L14-78L10-14L3-12L3 0Z', light.dusk ? '#C3CAE6' : '#FFFDF4') + line('M0 0V-82', blade, 5);
  return place(x, y, 0, s, path('M-24 110L-15 0H15L24 110Z', wall), path('M-20 4C-18-30 18-30 20 4Z', cap), rect(-7, 74, 14, 36, 7, blade),
    place(0, -8, t * 30, 1, [0, 90, 180, 270].map((a) => place(0, 0, a, 1, sail)), circle(0, 0, 6, blade)));
}

// Only every third plant sways: what does not move costs the encoder nothing.
function plant(x, y, s, t, i, light) {
  const dark = light.field, bright = light.dusk ? '#2C5A56' : '#86B45C', sway = i % 3 ? 2 * noise(i) - 1 : 2.4 * wave(t, 4, noise(i));
  const leaf = (yy, dir, c) => path(`M0 ${yy}C${dir * 16} ${yy - 34} ${dir * 44} ${yy - 36} ${dir * 56} ${yy - 8}C${dir * 36} ${yy - 20} ${dir * 16} ${yy - 10} 0 ${yy + 10}Z`, c);
  return place(x, y, sway, s, line('M0 0V-150', dark, 8), leaf(-20, -1, dark), leaf(-46, 1, bright), leaf(-74, -1, bright), leaf(-100, 1, dark),
    line('M0-150L-7-176M0-150L7-176', light.dusk ? '#7C7A5A' : C.cornDark, 4),
    place(12, -66, 16, 0.26, path('M0-104C24-104 38-62 38-14C38 34 26 78 0 78C-26 78-38 34-38-14C-38-62-24-104 0-104Z', light.dusk ? '#A98F45' : C.corn)));
}

const stars = (t) =>
  Array.from({ length: 22 }, (_, i) => {
    const twinkle = i % 4 ? 1 : 0.65 + 0.35 * wave(t, 4, noise(i));
    return circle(noise(i + 40) * 1280, 110 + noise(i + 80) * 210, 1.6 + 1.6 * noise(i), '#FFF1CC', { opacity: twinkle });
  });

// backdrop: what lies behind the stall; drift is the camera's sideways move in pixels.
export function backdrop(light, t, drift) {
  const [dx, dy, r] = light.at, [far, mid, near] = light.hills;
  const layer = (k, ...inner) => place(drift * k, 0, 0, 1, ...inner);
  return [
    rect(-40, 0, 1360, 620, 0, light.sky), light.dusk ? stars(t) : '',
    circle(dx, dy, r * 1.35, light.disc, { opacity: 0.28 }), circle(dx, dy, r, light.disc),
    light.dusk ? circle(dx + 18, dy - 12, r * 0.86, light.sky) : '',
    layer(0.2, cloud(190 + t * 5, 176, 0.9, light.cloud), cloud(560 + t * 3.5, 226, 0.62, light.cloud), cloud(1090 + t * 4.5, 262, 1, light.cloud)),
    layer(0.3, path('M-40 400C80 320 210 318 340 372C470 300 640 290 800 352C930 300 1120 290 1320 352V620H-40Z', far)),
    layer(0.45, windmill(214, 268, 0.92, t, light), path('M-40 440C120 356 300 360 470 424C640 372 860 380 1010 420C1120 386 1230 384 1320 400V620H-40Z', mid)),
    layer(0.6, path('M-40 500C200 424 380 452 560 484C780 440 1040 438 1320 478V620H-40Z', near)),
    layer(0.9, [[30, 604, 1.02], [112, 620, 1.1], [204, 612, 0.98], [1012, 618, 0.92], [1094, 612, 1.06], [1180, 622, 1], [1262, 610, 1.1]].map(([x, y, s], i) => plant(x, y, s, t, i, light))),
  ].flat(2).join('');
}

function clock(x, y, t, hour) {
  const tick = Math.floor(t), k = Math.min(1, (t - tick) / 0.16);
  const second = (tick - 1 + k + 0.12 * Math.sin(Math.PI * k)) * 11.25; // 32 ticks go once around: the loop's length
  return place(x, y, 1.2 * wave(t, 4), 1, line('M0-96V-44', C.woodDeep, 6), circle(0, 0, 46, C.woodDark), circle(0, 0, 38, C.paper),
    [0, 90, 180, 270].map((a) => place(0, 0, a, 1, rect(-2.5, -34, 5, 9, 2, C.ink))),
    place(0, 0, (hour % 12) * 30, 1, line('M0 4V-17', C.ink, 6)), line('M0 5V-27', C.ink, 4), place(0, 0, second, 1, line('M0 9V-29', C.red, 2.6)), circle(0, 0, 4.5, C.red));
}

const sag = (x) => 112 + 52 * (1 - ((x - 640) / 520) ** 2);
const flags = [C.corn, C.cream, C.red, '#7FB3A2', C.corn, C.cream, C.red, '#7FB3A2', C.corn, C.cream, C.red, '#7FB3A2', C.corn];

function bunting(t, dusk) {
  return line(`M120 ${n(sag(120))}Q640 ${n(2 * sag(640) - sag(120))} 1160 ${n(sag(1160))}`, C.woodDeep, 3) +
    flags.map((c, i) => {
      const x = 160 + i * 80, a = 4 * wave(t, 4, i * 0.13);
      return dusk && i % 2 ? '' : place(x, sag(x), a, 1, path('M-22 0H22L0 44Z', c));
    }).join('');
}

// lamps hang between the flags in the evening; they are drawn after the night's tint.
export const lamps = (t) =>
  [1, 3, 5, 7, 9, 11].map((i) => {
    const x = 160 + i * 80;
    return place(x, sag(x), 2.5 * wave(t, 4, i * 0.13), 1, circle(0, 24, 46, '#FFD98A', { opacity: 0.16 + 0.04 * wave(t, 2, noise(i)) }), circle(0, 24, 27, '#FFD98A', { opacity: 0.35 }), rect(-6, -2, 12, 12, 3, C.woodDeep), ellipse(0, 23, 14, 16, '#FFEBB5'));
  }).join('');

// night tints what it covers, from y down to bottom, as a blue light would.
export const night = (y, bottom, c) => rect(-40, y, 1360, bottom - y, 0, c, { style: 'mix-blend-mode:multiply' });

// stall: posts, awning, string of flags and the clock; in front of the backdrop, behind the host.
export function stall(light, t) {
  const stripes = Array.from({ length: 17 }, (_, i) => path(`M${i * 80 - 40} 0h80v80a40 34 0 0 1-80 0Z`, i % 2 ? C.cream : C.red));
  return [rect(96, 60, 26, 560, 0, C.woodDark), rect(114, 60, 8, 560, 0, C.woodDeep), rect(1158, 60, 26, 560, 0, C.woodDark), rect(1176, 60, 8, 560, 0, C.woodDeep),
    bunting(t, light.dusk), clock(1082, 246, t, light.hour), rect(-40, 78, 1360, 42, 0, C.ink, { opacity: 0.1 }), stripes, rect(-40, 0, 1360, 14, 0, C.redDark)].flat().join('');
}

const box = (x, goods) =>
  goods.map((g, i) => place(x - 62 + (i % 3) * 60 + (i > 2 ? 30 : 0), i > 2 ? 474 : 500, (i * 37) % 30 - 15, 0.72, g)).reverse().join('') +
  rect(x - 104, 512, 208, 46, 6, C.wood) + rect(x - 104, 512, 208, 8, 4, C.woodLight) + rect(x - 104, 533, 208, 5, 0, C.woodDark);

const props = {
  morning: () => box(1120, [apple(), pear(), apple(), pear(), apple()]) + place(250, 512, 84, 0.5, cob()) + place(330, 528, 97, 0.5, cob()),
  noon: () => [[1070, 0], [1168, 0], [1119, 1]].map(([x, up]) => place(x, 508 - up * 104, 0, 0.52, jar())).join('') + box(250, [pear(), apple(), pear()]),
  afternoon: () => box(1140, [aubergine(), apple(), aubergine()]) + place(262, 518, 80, 0.5, cob()),
  dusk: () => place(1180, 502, 0, 0.58, tin()) + place(1072, 475, 0, 0.85, tin()),
};

// counter: the table with what stands at its ends; in front of the host's body, behind the arms.
export function counter(name) {
  const lace = Array.from({ length: 9 }, (_, i) => `a40 24 0 0 1-80 0`).join('');
  return place(0, 24, 0, 1, [rect(-40, 584, 1360, 160, 0, '#B9773F'), [180, 420, 860, 1100].map((x) => rect(x, 584, 4, 160, 0, '#A3652F')),
    rect(-40, 552, 1360, 36, 0, C.woodLight), rect(-40, 582, 1360, 8, 0, C.woodDark),
    path(`M400 552H1120V632${lace}Z`, C.cream), path('M400 552H1120V584H400Z', '#FFFAF0'), rect(400, 610, 720, 5, 0, C.corn),
    props[name]()].flat());
}
