// The host: drawn around the point between the shoulders, y down. The body stands behind the
// counter, the arms reach over it, so the two come as separate drawings.
import { C, hat } from './goods.mjs';
import { circle, ellipse, line, mix, n, path, place, rect } from './svg.mjs';

const skin = '#F0B68C', skinDark = '#DD9A70', hair = '#43302B', shirt = '#FFF6E3', sleeve = '#F3E4C6', sleeveDark = '#E2CDA6';

// elbow finds the joint of an arm from s to h with two bones; out is 1 for an elbow away from
// the body, -1 for one beside it; what lies between is an arm on its way from one to the other.
function elbow(s, h, out, upper = 112, lower = 108) {
  const dx = h[0] - s[0], dy = h[1] - s[1];
  const d = Math.min(Math.hypot(dx, dy), upper + lower - 0.5) || 1;
  const a = Math.acos((upper ** 2 + d ** 2 - lower ** 2) / (2 * upper * d));
  const angle = Math.atan2(dy, dx) - out * a;
  return [s[0] + upper * Math.cos(angle), s[1] + upper * Math.sin(angle)];
}

// mitten: the hand at the end of an arm; side is -1 for the one at the left of the picture.
export const mitten = (side, x, y) =>
  place(x, y, 0, [side, 1], line('M-6-8C-14-18-18-24-16-32', skin, 13), ellipse(0, 0, 22, 20, skin), line('M14-8L20-4M16 2L22 5', skinDark, 3));

function arm(side, hand, out) {
  const s = [side * 76, 42], e = elbow(s, hand, side * out), k = 0.34;
  const cuff = [mix(e[0], hand[0], k), mix(e[1], hand[1], k)], cuff0 = [mix(e[0], hand[0], k - 0.1), mix(e[1], hand[1], k - 0.1)];
  const P = (p) => `${n(p[0])} ${n(p[1])}`;
  return [
    line(`M${P(e)}L${P(hand)}`, skin, 33),
    line(`M${P(s)}L${P(e)}L${P(cuff)}`, sleeve, 50),
    line(`M${P(cuff0)}L${P(cuff)}`, sleeveDark, 50, { 'stroke-linecap': 'butt' }),
    mitten(side, hand[0], hand[1]),
  ].join('');
}

// face moves with the look, below the brim of the hat.
const face = (p) => [p.look[0], p.look[1] + 5];

function eyes(p) {
  const [lx, ly] = face(p);
  if (p.happy) return [-24, 24].map((x) => line(`M${x + lx - 9} ${-93 + ly}q9-11 18 0`, C.ink, 5)).join('');
  return [-24, 24].map((x) => ellipse(x + lx, -95 + ly, 6, Math.max(0.9, 7.5 * (1 - p.blink)), C.ink)).join('') +
    (p.blink < 0.5 ? [-24, 24].map((x) => circle(x + lx + 2, -98 + ly, 2, '#FFFFFF')).join('') : '');
}

function mouth(p) {
  const [lx, ly] = face(p), w = 15 + 3 * p.open, h = 3 + 15 * p.open;
  const x = lx * 1.1, y = -64 + ly;
  if (p.open < 0.12) return line(`M${n(x - 16)} ${n(y)}Q${n(x)} ${n(y + 15)} ${n(x + 16)} ${n(y)}`, '#8E3B2E', 4.5);
  return path(`M${n(x - w)} ${n(y - 1)}Q${n(x)} ${n(y + 5)} ${n(x + w)} ${n(y - 1)}Q${n(x + w * 0.7)} ${n(y + h + 6)} ${n(x)} ${n(y + h + 6)}Q${n(x - w * 0.7)} ${n(y + h + 6)} ${n(x - w)} ${n(y - 1)}Z`, '#8E3B2E') +
    (p.open > 0.35 ? ellipse(x, y + h + 1, w * 0.45, 4, '#E8806B') : '');
}

function head(p) {
  const [lx, ly] = face(p);
  return place(0, p.bob, p.tilt, 1,
    path('M-70-98C-84-40-70-8-46-2H46C70-8 84-40 70-98Z', hair),
    rect(-22, -52, 44, 66, 18, skinDark),
    circle(-64 + lx * 0.3, -84 + ly, 13, skinDark), circle(64 + lx * 0.3, -84 + ly, 13, skinDark),
    path('M-62-100C-62-150 62-150 62-100C62-56 38-28 0-28C-38-28-62-56-62-100Z', skin),
    circle(-39 + lx, -72 + ly, 12, '#EC8D6F', { opacity: 0.55 }), circle(39 + lx, -72 + ly, 12, '#EC8D6F', { opacity: 0.55 }),
    eyes(p),
    [-1, 1].map((s) => line(`M${s * 33 + lx} ${-113 + ly - p.brow}q${-s * 10}-6 ${-s * 19}-1`, hair, 4.5)),
    line(`M${n(lx * 1.5 - 4)} ${n(-80 + ly)}q5 5 9 0`, skinDark, 4.5),
    mouth(p),
    path('M-66-92C-66-112-60-132-44-140H44C60-132 66-112 66-92C58-102 54-116 50-124C20-114-26-114-48-126C-54-116-58-102-66-92Z', hair),
    place(lx * 0.3, -134, 0, 0.98, hat()));
}

export function body(p) {
  return place(p.x, p.y, p.lean, 1,
    path('M-104 44C-104 18-70 8-36 0H36C70 8 104 18 104 44L92 330H-92Z', shirt),
    path('M58 10C88 16 104 24 104 44L92 330H60Z', sleeve),
    path('M-50 4L-58 96H58L50 4H34C34 60-34 60-34 4Z', C.leafDark),
    path('M-58 92H58L84 330H-84Z', C.leafDark), path('M30 92H58L84 330H52Z', C.forest, { opacity: 0.45 }),
    rect(-34, 128, 68, 58, 12, '#54936A'), rect(-34, 128, 68, 12, 6, '#68A67B'),
    path('M-46 0C-30 22 30 22 46 0L40-14H-40Z', C.red), path('M8 14L34 52L4 44L-14 56L-8 14Z', C.redDark), circle(2, 15, 10, C.red),
    head(p));
}

// arms are in the same coordinates as the body; hands are given in them too.
export const arms = (p, hands) =>
  place(p.x, p.y, p.lean, 1, hands.includes('left') ? arm(-1, p.left, p.outLeft ?? 1) : '', hands.includes('right') ? arm(1, p.right, p.outRight ?? 1) : '');

