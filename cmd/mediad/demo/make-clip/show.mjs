// The show: 32 s, four scenes of 8 s, 25 frames a second. frame(i) is the picture of frame i as SVG.
import { acts } from './acts.mjs';
import { mark, next, third, wipe } from './graphics.mjs';
import { arms, body } from './host.mjs';
import { backdrop, counter, lamps, lights, night, stall } from './set.mjs';
import { el, n, smooth } from './svg.mjs';

export const FPS = 25, SECONDS = 32, FRAMES = FPS * SECONDS, WIDTH = 1280, HEIGHT = 720;
const SCENE = 8;

const scenes = [
  { act: 'corn', light: 'morning', zoom: 1, focus: [640, 360], coming: ['Honey', 'honey'],
    title: { from: 'From the field', name: 'Sweet corn', chinese: '甜玉米', words: 'Picked at dawn, in a 5 kg box', widths: [188, 460, 352] } },
  { act: 'honey', light: 'noon', zoom: 1.12, focus: [780, 420], coming: ['Basket', 'basket'],
    title: { from: 'From the hives', name: 'Honey', chinese: '野花蜂蜜', words: 'Raw wildflower, 500 g', widths: [188, 396, 274] } },
  { act: 'weave', light: 'afternoon', zoom: 1.05, focus: [700, 440], coming: ['Tea', 'tea'],
    title: { from: 'From the workshop', name: 'Basket', chinese: '手编篮子', words: 'Woven by hand in a day', widths: [222, 404, 286] } },
  { act: 'tea', light: 'dusk', zoom: 1.14, focus: [770, 430], coming: ['Corn', 'corn'],
    title: { from: 'From the hills', name: 'Green tea', chinese: '高山绿茶', words: 'Spring leaves, 100 g tin', widths: [180, 478, 292] } },
];

// The wipe covers the picture from 0.48 s before a cut to 0.4 s after it.
function wipeAt(i) {
  const per = SCENE * FPS, before = per - (i % per), after = i % per;
  if (before <= 12) return wipe(-before / 12);
  return after < 10 ? wipe(after / 10) : '';
}

function camera(scene, inner) {
  const [x, y] = scene.focus, z = scene.zoom;
  return el('g', { transform: `translate(${n(x - x * z)} ${n(y - y * z)}) scale(${z})` }, inner);
}

export function frame(i) {
  const t = i / FPS, u = t % SCENE, scene = scenes[Math.floor(t / SCENE)], light = lights[scene.light];
  const a = acts[scene.act](u);
  const drift = 14 - 28 * smooth(u / SCENE);
  const picture = [
    backdrop(light, u, drift), a.glow || '', stall(light, t), light.dusk ? night(0, 720, '#A9A4D8') + lamps(t) : '',
    body(a.pose), counter(scene.light), light.dusk ? night(576, 760, '#C9BFE0') : '',
    arms(a.pose, a.behind || []), a.held, arms(a.pose, ['left', 'right'].filter((h) => !(a.behind || []).includes(h))), a.over || '',
  ].join('');
  return el('svg', { xmlns: 'http://www.w3.org/2000/svg', width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}` },
    camera(scene, picture), mark(t), next(u, SCENE, ...scene.coming), third(u, 0.9, 5.4, scene.title), wipeAt(i));
}
