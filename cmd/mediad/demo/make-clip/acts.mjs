// What the host does in each scene. u is the time in the scene, 0 to 8 s. An act gives the pose of
// the host and what is drawn under the hands (goods held) and over everything (a bee, steam).
import { C, apple, aubergine, basket, bee, cob, crate, cup, dipper, jar, pear, teapot } from './goods.mjs';
import { steam } from './graphics.mjs';
import { mitten } from './host.mjs';
import { back, circle, clamp, during, fade, line, mix, mixp, n, noise, path, place, ramp, smooth, wave } from './svg.mjs';

const HOME = { x: 760, y: 330 };
const at = (p) => [p[0] - HOME.x, p[1] - HOME.y]; // picture → host

// alive is the host's idle life, drawn on twos as in a cartoon: half the pictures to encode, and livelier.
function alive(now, blinks, talks) {
  const u = Math.floor(now * 12.5 + 0.01) / 12.5;
  const blink = Math.max(0, ...blinks.map((b) => 1 - Math.abs(u - b) / 0.1));
  const syllable = u * 4.5, i = Math.floor(syllable);
  const loud = mix(noise(i + 7), noise(i + 8), smooth(syllable - i));
  const talk = Math.max(0, ...talks.map(([a, b]) => during(u, a, b, 0.25)));
  return { ...HOME, blink: clamp(blink), open: talk * clamp(loud * 1.25 - 0.12), bob: 2.2 * wave(u, 2), tilt: 2 * wave(u, 4, 0.1), lean: 0.7 * wave(u, 4), look: [0, 0], brow: 3 * talk * loud, happy: false };
}

function corn(u) {
  const lift = back(ramp(u, 0.5, 1.2)) * (1 - smooth(ramp(u, 4.7, 5.4)));
  const up = during(u, 5.7, 7.9, 0.5);
  const box = [760, mix(490, 430, lift) + 4 * lift * wave(u, 2)], tilt = 4 * lift * wave(u, 2.6, 0.2);
  const swing = 12 * wave(u, 0.8);
  const one = mixp([846, 494], [948, 322], up);
  const p = alive(u, [0.9, 3.1, 5.3, 7.2], [[1.3, 4.6], [6, 7.5]]);
  p.look = [mix(0, 7, up), mix(3 * lift, -1, up)];
  p.tilt += 4 * up;
  p.left = at([box[0] - 112, box[1] + 64]);
  p.right = mixp(at([box[0] + 112, box[1] + 64]), at(one), smooth(ramp(u, 5.3, 5.8)) * (u < 7.9 ? 1 : 0) * Math.max(up, smooth(ramp(u, 5.3, 5.8)) * (u < 7 ? 1 : up)));
  const ear = up > 0 ? place(one[0], one[1], 10 + swing * up, 0.86 * smooth(clamp(up * 2)), place(0, -54, 0, 1, cob())) : '';
  return { pose: p, held: place(box[0], box[1], tilt, 1, crate()) + ear };
}

function honey(u) {
  const lift = back(ramp(u, 0.5, 1.2));
  const pot = [582, mix(488, 462, lift) + 3 * wave(u, 4) * lift];
  const pull = smooth(0.5 + 0.5 * wave(u, 2.5, -0.25)) * smooth(ramp(u, 1.4, 2));
  const tip = [mix(pot[0] + 10, pot[0] + 16, pull), mix(pot[1] - 66, pot[1] - 110, pull)];
  const rest = smooth(ramp(u, 0.8, 1.5));
  const wand = mixp([905, 372], tip, rest), turn = mix(165, 70, rest);
  const grip = [wand[0] + 98 * Math.sin((turn * Math.PI) / 180), wand[1] - 98 * Math.cos((turn * Math.PI) / 180)];
  const p = alive(u, [1.6, 4.2, 6.6], [[1.8, 4.2], [5, 7.4]]);
  p.look = [-7 * rest, 3 - 2 * pull];
  p.tilt -= 4 * rest;
  p.left = at([pot[0] - 62, pot[1] + 22]);
  p.right = at(grip);
  p.outRight = mix(-1, 1, rest);
  const thread = rest > 0.9 ? path(`M${n(wand[0] - 9)} ${n(wand[1] + 22)}C${n(wand[0] - 3)} ${n(wand[1] + 50)} ${n(pot[0] + 13)} ${n(mix(wand[1], pot[1] - 62, 0.6))} ${n(pot[0] + 11)} ${n(pot[1] - 60)}H${n(pot[0] + 19)}C${n(pot[0] + 18)} ${n(mix(wand[1], pot[1] - 62, 0.6))} ${n(wand[0] + 5)} ${n(wand[1] + 50)} ${n(wand[0] + 10)} ${n(wand[1] + 22)}Z`, C.honey) : '';
  const b = [968 + 70 * wave(u, 4), 300 + 40 * wave(u, 2, 0.1)];
  const trail = Array.from({ length: 7 }, (_, i) => circle(968 + 70 * wave(u - 0.16 - i * 0.09, 4), 302 + 40 * wave(u - 0.16 - i * 0.09, 2, 0.1), 2.6 - i * 0.25, C.woodDeep, { opacity: 0.55 }));
  return {
    pose: p,
    behind: ['left'],
    held: thread + place(wand[0], wand[1], turn, 1, dipper(), rest > 0.9 ? path('M-20 6C-20 34 20 34 20 6Z', C.honey) : '') + place(pot[0], pot[1], 2 * wave(u, 4, 0.2), 0.92, jar(true)),
    over: trail.join('') + place(b[0], b[1], 10 * wave(u, 2, 0.3), [wave(u, 4, 0.25) < 0 ? -1 : 1, 1], bee(Math.floor(u * 12.5) % 2)),
  };
}

const tosses = [[1.5, apple, -46, -6], [2.5, pear, 46, 10], [3.5, aubergine, 2, -12]];

function weave(u) {
  const lift = back(ramp(u, 5, 5.7));
  const bump = tosses.reduce((s, [a]) => s + during(u, a + 0.72, a + 1.1, 0.18), 0);
  const bx = 740, by = 486 - 62 * lift + 5 * bump + 3 * lift * wave(u, 2);
  const tilt = 5 * lift * wave(u, 2.2);
  const p = alive(u, [0.8, 4.7, 6.9], [[0.7, 1.5], [4.6, 7.5]]);
  const flying = tosses.find(([a]) => u >= a - 0.1 && u < a + 0.8);
  const arc = (a, x) => { const k = clamp((u - a) / 0.75); return [mix(1010, bx + x, k), mix(400, by - 50, k) - 250 * 4 * k * (1 - k) * 0.62, k]; };
  const inside = tosses.filter(([a]) => u >= a + 0.75).map(([, f, x, r]) => place(x, -42, r, 0.86, f())).join('');
  const air = tosses.filter(([a]) => u >= a && u < a + 0.75).map(([a, f, x, r]) => { const [fx, fy, k] = arc(a, x); return place(fx, fy, r + 300 * (1 - k), 0.86, f()); }).join('');
  const throwing = flying ? Math.sin(Math.PI * ramp(u, flying[0] - 0.1, flying[0] + 0.4)) : 0;
  p.look = flying ? [9 - 18 * clamp((u - flying[0]) / 0.75), -3 - 3 * throwing] : [0, 3];
  p.open = Math.max(p.open, flying ? 0.45 * during(u, flying[0], flying[0] + 0.9, 0.15) : 0);
  p.outRight = 1 - 2 * during(u, 0.8, 4.8, 0.5);
  p.left = at([bx - 104, by + 20]);
  const ready = mixp([960, 452], [1000, 392], throwing);
  p.right = at(mixp(mixp([bx + 108, by + 20], ready, during(u, 0.9, 4.6, 0.5)), [bx + 106, by + 26], lift));
  return { pose: p, held: place(bx, by, tilt, 0.98, basket(inside)), over: air };
}

function tea(u) {
  const pour = during(u, 1.2, 4.3, 0.7), lift = smooth(ramp(u, 0.4, 1.2)) * (1 - smooth(ramp(u, 4.3, 5)));
  const full = smooth(ramp(u, 1.9, 3.9));
  const pot = [mix(900, 822, lift), mix(518, 440, lift)], turn = -34 * pour;
  const sip = smooth(ramp(u, 5.1, 5.9));
  const c = mixp([676, 534], [690, 430], sip), cy = c[1] + 3 * sip * wave(u, 2);
  const p = alive(u, [0.9, 3.3], [[0.5, 1.5], [3.9, 5.2]]);
  p.happy = u > 5.6;
  p.look = [-5 * lift - 3 * sip, 4 * lift + 1];
  p.tilt += -4 * lift - 5 * sip + 3 * sip * wave(u, 4);
  const r = (turn * Math.PI) / 180, rim = (x, y) => [pot[0] + x * Math.cos(r) - y * Math.sin(r), pot[1] + x * Math.sin(r) + y * Math.cos(r)];
  const grip = rim(98, 4), free = smooth(ramp(u, 5, 5.5)), right = mixp(grip, [884, 548], free);
  p.right = at(right);
  p.outRight = -1;
  p.left = at(mixp([606, 552], [c[0] - 50, cy + 6], smooth(ramp(u, 4.7, 5.2))));
  const spout = rim(-97, -45), flow = during(u, 1.75, 3.95, 0.12);
  const stream = flow > 0.02 ? line(`M${n(spout[0])} ${n(spout[1])}C${n(spout[0] - 30)} ${n(spout[1] + 6)} ${n(c[0] + 2)} ${n(spout[1] + 30)} ${n(c[0] + 2)} ${n(mix(spout[1] + 20, cy - 34, flow))}`, '#CDB84A', 7 + wave(u, 0.32)) : '';
  const fireflies = [0, 1, 2, 3, 4].map((i) => circle(180 + noise(i) * 380 + 30 * wave(u, 8, noise(i + 3)), 330 + noise(i + 9) * 90 + 22 * wave(u, 4, noise(i + 5)), 4, '#FFE58A', { opacity: 0.5 + 0.5 * wave(u, 2, noise(i + 1)) }));
  return {
    pose: p, behind: ['right'], glow: fireflies.join(''),
    held: stream + place(c[0], cy, 0, 1.05, cup(full)) + place(pot[0], pot[1], turn, 1, teapot()),
    over: (free < 1 ? mitten(1, right[0], right[1]) : '') + fade(full, steam(c[0] - 16, cy - 48, u, 74, 0) + steam(c[0] + 12, cy - 50, u, 86, 0.4)),
  };
}

export const acts = { corn, honey, weave, tea };
