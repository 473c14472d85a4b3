// Writes the shop's product pictures: node images.mjs DIR
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { circle, ellipse, el, line, n, path, place, rect } from './svg.mjs';
import { C, apple, aubergine, basket, bee, cob, crate, cup, dipper, hat, jar, pear, teapot, tin } from './goods.mjs';

const dir = process.argv[2];
if (!dir) throw new Error('usage: node images.mjs DIR');

// A square picture: a flat ground, a big soft disc, a table edge, a shadow under the goods.
const picture = (label, ground, disc, table, inner) =>
  el('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 400 400', role: 'img', 'aria-label': label },
    rect(0, 0, 400, 400, 0, ground), circle(200, 186, 146, disc), path('M0 318H400V400H0Z', table),
    inner).replace(/></g, '>\n<') + '\n';

const shadow = (x, w) => ellipse(x, 330, w, 13, '#3A2A26', { opacity: 0.16 });
// the cob is many dots: the crate's picture draws it once and uses it eight times
const USE = '<use href="#cob"/>';
const steam = (x, y) => line(`M${x} ${y}c-14-16 14-28 0-46s12-28 2-40`, '#FFFFFF', 8, { opacity: 0.85 });

const pictures = {
  corn: picture('A crate of sweet corn', '#FFE9B8', '#FFD878', '#EBC183',
    el('defs', {}, el('g', { id: 'cob' }, cob())) +
    shadow(200, 150) + place(200, 214, 0, 1.26, crate(USE)) + shadow(336, 52) + place(334, 302, 74, 0.5, USE)),
  honey: picture('A jar of wildflower honey', '#FFDFA6', '#FFF0CC', '#E3A95C',
    shadow(186, 108) + place(182, 208, 0, 1.2, jar()) + place(318, 286, 24, 1.0, dipper()) +
    line('M284 128C300 150 322 140 330 118S306 84 318 70', C.woodDeep, 3.5, { 'stroke-dasharray': '1 10', opacity: 0.6 }) + place(326, 62, -14, 1.1, bee(0.3))),
  basket: picture('A hand-woven basket', '#F6D3BF', '#FBE8DA', '#D99E78',
    shadow(200, 138) + place(200, 224, 0, 1.14,
      basket(place(-58, -38, -8, 0.95, apple()) + place(52, -44, 16, 0.95, aubergine()) + place(2, -40, 4, 0.95, pear())))),
  tea: picture('A tin of green tea and a cup', '#D8E8CF', '#EFF6E4', '#A9C79B',
    shadow(156, 86) + shadow(302, 60) + place(156, 218, 0, 1.12, tin()) + steam(290, 236) + steam(312, 244) + place(296, 286, 0, 1.02, cup())),
  teapot: picture('A celadon teapot', '#CFE3E6', '#E9F4F2', '#9FC3C4',
    shadow(200, 118) + steam(84, 122) + place(206, 228, 0, 1.58, teapot())),
  hat: picture('A plaited straw hat', '#CFE6F0', '#EAF5F7', '#E5C896',
    shadow(200, 150) + place(200, 294, 0, 1.28, hat())),
};

mkdirSync(dir, { recursive: true });
for (const [name, svg] of Object.entries(pictures)) writeFileSync(join(dir, `${name}.svg`), svg);
