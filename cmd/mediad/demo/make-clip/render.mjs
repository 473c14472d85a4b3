// Draws frames in headless Chromium and hands them to ffmpeg:
//   node render.mjs OUT.mkv          all 800 frames, lossless
//   node render.mjs OUT.png 30 210   only these frames, to look at (OUT-30.png, OUT-210.png)
// CHROMIUM names the browser's program, FFMPEG that of ffmpeg.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { FPS, FRAMES, HEIGHT, WIDTH, frame } from './show.mjs';

const [out, ...only] = process.argv.slice(2);
if (!out) throw new Error('usage: node render.mjs OUT.mkv | OUT.png FRAME...');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--force-color-profile=srgb', '--font-render-hinting=none'],
});
const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
const stage = join(process.cwd(), 'stage.html');
const css = ['fredoka/latin-500.css', 'fredoka/latin-600.css', 'zcool-kuaile/400.css'].map((f) => `<link rel="stylesheet" href="node_modules/@fontsource/${f}">`);
writeFileSync(stage, `<!doctype html><meta charset="utf-8">${css.join('')}<style>body{margin:0;background:#000}svg{display:block}</style><div id="s"></div>`);
await page.goto(pathToFileURL(stage).href);

async function shot(i) {
  await page.evaluate(async (svg) => {
    document.getElementById('s').innerHTML = svg;
    await document.fonts.ready;
  }, frame(i));
  return page.screenshot({ type: 'png', clip: { x: 0, y: 0, width: WIDTH, height: HEIGHT } });
}
for (let s = 0; s < FRAMES; s += 200) await shot(s + 60); // every glyph once, so that no frame waits for a font

if (only.length) {
  for (const i of only.map(Number)) writeFileSync(out.replace(/\.png$/, `-${i}.png`), await shot(i));
} else {
  const ff = spawn(process.env.FFMPEG || 'ffmpeg', ['-v', 'error', '-y', '-f', 'image2pipe', '-c:v', 'png', '-framerate', String(FPS), '-i', '-',
    '-vf', 'scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int+lanczos', '-pix_fmt', 'yuv420p', '-c:v', 'ffv1', out], { stdio: ['pipe', 'inherit', 'inherit'] });
  const done = once(ff, 'close');
  for (let i = 0; i < FRAMES; i++) if (!ff.stdin.write(await shot(i))) await once(ff.stdin, 'drain');
  ff.stdin.end();
  const [code] = await done;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
}
await browser.close();
