// The goods of the market. Each is drawn around (0,0), about 200 units tall; the product pictures
// of the shop and the clip use the same drawings.
import { circle, ellipse, line, path, place, rect, n, el } from './svg.mjs';

export const C = {
  ink: '#3A2A26', cream: '#FFF4DF', paper: '#FFF9EC', corn: '#F9C440', cornDark: '#E29B1F', cornLight: '#FFE08A',
  leaf: '#6FA656', leafDark: '#3F7D4E', forest: '#1F4D3F', red: '#D9583B', redDark: '#B8432B',
  wood: '#C98B4E', woodLight: '#DFA869', woodDark: '#9A6234', woodDeep: '#74472A', honey: '#F0A01E', honeyDark: '#C9740F',
  celadon: '#8FC1AE', celadonDark: '#6AA392', celadonLight: '#B7DCCD',
};

// cob: 190 tall, standing, husk at the bottom.
export function cob() {
  const rows = [-26, -13, 0, 13, 26].map((x, i) => {
    const top = -88 + Math.abs(x) * 0.9;
    return line(`M${x} ${top + (i % 2 ? 7 : 0)}V62`, i === 1 || i === 2 ? C.cornLight : '#FFD565', 10.5, { 'stroke-dasharray': '0 13.5' });
  });
  const body = path('M0-104C24-104 38-62 38-14C38 34 26 78 0 78C-26 78-38 34-38-14C-38-62-24-104 0-104Z', C.corn);
  const shade = path('M0-104C24-104 38-62 38-14C38 34 26 78 0 78C14 70 24 34 24-14C24-62 16-92 0-104Z', C.cornDark, { opacity: 0.45 });
  return [
    path('M-8 92C-52 70-66 22-56-30C-40 2-30 40-4 84Z', C.leafDark),
    path('M8 92C52 70 66 22 56-30C40 2 30 40 4 84Z', C.leafDark),
    body, shade, rows,
    path('M0 100C-34 92-50 54-46 8C-28 30-10 56 2 96Z', C.leaf),
    path('M0 100C34 92 50 54 46 8C28 30 10 56-2 96Z', '#86B967'),
    rect(-7, 90, 14, 16, 5, '#86B967'),
  ].join('');
}

const fiveKilos = (c) =>
  line('M-33-17H-50L-52-1C-47-5-33-5-33 7C-33 18-47 20-54 13', c, 7) +
  line('M-10-19V17M8-6L-9 6L10 17', c, 7) +
  line('M43 6A11 11 0 1 1 43 3V16C43 30 26 31 21 25', c, 7);

// crate: a wooden box of cobs, 220 wide, base at y = 90.
export function crate(oneCob = cob()) {
  const cobs = [[-72, -42, -16], [74, -42, 17], [-26, -58, -5], [28, -56, 7], [-50, -26, -10], [2, -30, 2], [52, -28, 9]];
  const plank = (y, c) => rect(-110, y, 220, 34, 5, c);
  return [
    rect(-104, -16, 208, 60, 6, C.woodDeep),
    cobs.map(([x, y, r]) => place(x, y, r, 0.62, oneCob)),
    plank(2, C.woodLight), plank(39, C.wood), rect(-110, 33, 220, 6, 0, C.woodDark),
    rect(-110, 71, 220, 19, 5, C.woodDark),
    rect(-114, -6, 20, 98, 5, C.woodDark), rect(94, -6, 20, 98, 5, C.woodDark),
    [-104, 104].map((x) => circle(x, 10, 3, C.woodDeep) + circle(x, 76, 3, C.woodDeep)),
    rect(-70, 9, 140, 58, 12, C.paper), place(3, 37, 0, 0.98, fiveKilos(C.leafDark)),
  ].flat(3).join('');
}

export function bee(flap = 0) {
  return [
    ellipse(-5, -15, 9, 15 - flap * 6, '#D5E6E8', { transform: `rotate(${n(-28 + flap * 26)} -5 -6)`, opacity: 0.9 }),
    ellipse(7, -15, 9, 15 - flap * 6, '#E4F0F0', { transform: `rotate(${n(18 + flap * 20)} 7 -6)`, opacity: 0.9 }),
    path('M-22 0C-22-12-10-15 0-15C13-15 23-8 23 1C23 10 13 15 0 15C-10 15-22 12-22 0Z', C.corn),
    path('M-10-14C-13-6-13 6-10 14L-2 15C-5 6-5-6-2-15Z', C.ink), path('M5-15C3-6 3 6 5 15L12 13C11 5 11-5 12-13Z', C.ink),
    circle(18, -2, 2.6, C.ink),
  ].join('');
}

// jar: a honey jar, 150 wide, 200 tall; open shows the honey, closed wears a cloth cap.
export function jar(open = false, level = 0) {
  const glass = 'M-70-62C-70-78-58-82-50-86H50C58-82 70-78 70-62V78C70 94 58 100 46 100H-46C-58 100-70 94-70 78Z';
  const top = -58 + level;
  return [
    path(glass, '#FBE3B0'),
    path(`M-70 ${n(top)}H70V78C70 94 58 100 46 100H-46C-58 100-70 94-70 78Z`, C.honey),
    path(`M36 ${n(top)}H70V78C70 94 58 100 46 100H26C36 96 40 90 40 78Z`, C.honeyDark, { opacity: 0.55 }),
    open ? ellipse(0, top, 70, 9, '#FFC24D') : '',
    line('M-55-52V66', '#FFF3CF', 7, { opacity: 0.75 }),
    rect(-50, -34, 100, 96, 16, C.paper), rect(-43, -27, 86, 82, 11, 'none', { stroke: C.cornDark, 'stroke-width': 2.5 }),
    place(0, 10, -8, 1.22, bee(0)), line('M-26 43H26', C.cornDark, 4),
    open
      ? el('g', {}, rect(-56, -100, 112, 18, 8, '#FDF0CF'), rect(-56, -92, 112, 6, 3, '#EBD6A2'))
      : el('g', {},
          path('M-56-106C-54-120-30-124 0-124C30-124 54-120 56-106L70-72C58-66 52-76 42-70C32-64 26-76 14-70C4-65-6-76-16-70C-26-65-32-76-44-70C-54-66-60-70-70-72Z', C.red),
          path('M20-123C44-121 54-116 56-106L70-72C58-66 52-76 42-70C38-92 34-108 20-123Z', C.redDark),
          rect(-60, -96, 120, 9, 4, C.cream), circle(-34, -111, 4, C.cream), circle(2, -115, 4, C.cream), circle(36, -110, 4, C.cream)),
  ].join('');
}

export const dipper = () =>
  line('M0-120V-18', C.woodDark, 9) + ellipse(0, 0, 22, 30, C.wood) +
  [-16, -4, 8, 20].map((y) => line(`M${-20 + Math.abs(y) / 5} ${y}H${20 - Math.abs(y) / 5}`, C.woodDark, 4)).join('');

// basket: woven, 230 wide, base at y = 95; what lies in it is drawn between its back and its front.
export function basket(inside = '') {
  const tones = ['#E3AE6A', '#C98B4E'];
  const rows = [];
  for (let r = 0; r < 5; r++) {
    const y = -12 + r * 21, half = 104 - r * 5, cells = 9, w = (half * 2) / cells;
    for (let i = 0; i < cells; i++) rows.push(rect(-half + i * w + 1, y + 1, w - 2, 19, 8, tones[(i + r) % 2]));
  }
  return [
    line('M-92-14C-92-150 92-150 92-14', C.woodDark, 15), line('M-92-14C-92-150 92-150 92-14', '#E3AE6A', 7, { 'stroke-dasharray': '10 9' }),
    ellipse(0, -16, 106, 20, C.woodDeep), inside,
    path('M-108-14H108L86 84C84 92 78 96 70 96H-70C-78 96-84 92-86 84Z', C.woodDark), rows,
    rect(-114, -27, 228, 21, 10, '#E9BC7C'), line('M-104-17H104', C.woodDark, 5, { 'stroke-dasharray': '11 13' }),
  ].flat(3).join('');
}

export const apple = () =>
  path('M0-24C14-36 38-28 38 0C38 26 18 38 0 34C-18 38-38 26-38 0C-38-28-14-36 0-24Z', C.red) +
  path('M14-29C30-28 38-16 38 0C38 26 18 38 0 34C22 26 28 0 14-29Z', C.redDark) +
  line('M0-24C0-34 3-40 8-44', C.woodDeep, 5) + path('M6-36C14-50 30-48 36-42C28-32 16-30 6-36Z', C.leaf);

export const aubergine = () =>
  path('M-8-40C18-46 34-16 32 14C30 38 12 50-6 46C-28 42-36 18-28-6C-24-20-20-34-8-40Z', '#6B4A86') +
  path('M12-38C30-24 34-6 32 14C30 38 12 50-6 46C20 36 26 0 12-38Z', '#553A6E') +
  path('M-24-30C-18-52 12-56 20-32C8-28 0-40-4-26C-10-36-16-28-24-30Z', C.leafDark) + line('M0-46L4-58', C.leafDark, 7);

export const pear = () =>
  path('M0-44C14-44 16-24 22-8C32 6 36 18 32 30C26 46-26 46-32 30C-36 18-32 6-22-8C-16-24-14-44 0-44Z', '#C9CF5E') +
  path('M6-43C15-38 16-22 22-8C32 6 36 18 32 30C29 40 12 44-4 43C22 34 20 4 6-43Z', '#A9B345') + line('M0-42C0-52 4-56 8-60', C.woodDeep, 5);

const sprig = (c) =>
  line('M0 30C0 10 2-8 0-24', c, 4) + path('M0-16C-4-34-2-48 0-54C4-48 6-34 0-16Z', c) +
  path('M0 4C-20 0-28-16-30-30C-14-26-4-16 0 4Z', c) + path('M0 12C20 8 28-8 30-22C14-18 4-8 0 12Z', c);

// tin: a tea tin, 130 wide, 200 tall, base at y = 100.
export const tin = () => [
  rect(-62, -66, 124, 166, 14, C.leafDark), path('M30-66H48C56-66 62-60 62-52V86C62 94 56 100 48 100H30Z', C.forest, { opacity: 0.55 }),
  rect(-68, -96, 136, 38, 13, C.forest), rect(-46, -110, 92, 18, 9, C.forest), line('M-50-84H30', '#5C9A7C', 5),
  rect(-43, -34, 86, 110, 43, C.paper), place(0, 26, 0, 0.98, sprig(C.leafDark)), rect(-62, 82, 124, 6, 0, C.corn),
].join('');

// cup: 96 wide, base at y = 44.
export const cup = (tea = 1) =>
  line('M40-18C66-22 68 16 36 16', C.celadonDark, 10) +
  path('M-48-34H48C48 8 36 40 22 44H-22C-36 40-48 8-48-34Z', C.celadon) + path('M20-34H48C48 8 36 40 22 44H4C18 34 22 0 20-34Z', C.celadonDark) +
  ellipse(0, -34, 48, 10, C.celadonLight) + (tea > 0 ? ellipse(0, -32, 40 * (0.72 + 0.28 * tea), 6.5 * (0.6 + 0.4 * tea), '#B9A53A') : '');

// teapot: spout to the left, base at y = 62.
export const teapot = () => [
  line('M62-26C112-40 112 44 54 36', C.celadonDark, 13),
  path('M-58 14C-86 10-94-18-106-42L-88-48C-80-30-70-20-50-20Z', C.celadonDark),
  path('M0-48C46-48 72-22 72 8C72 42 48 62 20 62H-20C-48 62-72 42-72 8C-72-22-46-48 0-48Z', C.celadon),
  path('M24-45C54-38 72-18 72 8C72 42 48 62 20 62H0C36 50 48 4 24-45Z', C.celadonDark),
  line('M-52-2C-50-16-42-25-32-30', C.celadonLight, 8),
  path('M-36-46C-30-62 30-62 36-46Z', C.celadonLight), circle(0, -64, 10, C.celadonDark),
].join('');

// hat: the plaited straw hat that the host wears too; the brim's middle is (0,0).
export const hat = () => [
  ellipse(0, 0, 118, 25, '#D9A850'), path('M-62-4C-62-70-40-86 0-86C40-86 62-70 62-4C40 10-40 10-62-4Z', '#F2CB74'),
  path('M22-84C48-78 62-60 62-4C54 2 42 4 30 5C40-24 38-58 22-84Z', '#E2B35A'),
  path('M-62-14C-40 2 40 2 62-14L60-34C40-20-40-20-60-34Z', C.red),
  path('M-118 0C-118 18-60 27 0 27C60 27 118 18 118 0C104 12 56 17 0 17C-56 17-104 12-118 0Z', '#E9BD66'),
].join('');
