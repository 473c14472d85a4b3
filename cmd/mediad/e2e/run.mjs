// Runs the end-to-end tests, each file in a process of its own. They play in real time and leave most of two cores idle,
// so two files run side by side, and beside them one of those that mostly wait for a broadcast to go on. Alone run those
// that hold a player, a page's answer to a key, or a cost, against a close bound. A file that fails is run once more at
// the end, alone: a machine that others use can hold a browser up for seconds. What passes only then is named as unsteady,
// and is a fault to mend. Where more than a few files fail, the product is at fault, and nothing is run again.
//
//   node run.mjs [FILE...]          all *.test.mjs without a FILE
//   MEDIAD_E2E_RERUNS (1)           how often a file that fails is run again; 0: each failure counts
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const reruns = Number(process.env.MEDIAD_E2E_RERUNS ?? 1);
const sideBySide = 2;
const bearable = 6; // files that may fail at first, as many as tests in Go
const alone = ['cdn', 'classes', 'continuity', 'dock', 'foreign', 'hostile', 'pauses', 'play', 'players', 'race', 's3'].map((name) => `${name}.test.mjs`);
// These take at most a quarter of a core. What loads the machine most (access) is not beside players that may not stand still.
const waiting = ['thumbs', 'changes', 'dvr', 'stream', 'outage', 'fulldisk', 'reconnect'].map((name) => `${name}.test.mjs`);

const files = process.argv.length > 2
  ? process.argv.slice(2).map((f) => basename(f))
  : readdirSync(here).filter((f) => f.endsWith('.test.mjs')).sort();

/** Runs one file, prints what it printed, and gives whether it passed. */
async function passes(file) {
  const begun = Date.now();
  const child = spawn(process.execPath, ['--test', '--test-timeout=600000', file], { cwd: here, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = [];
  for (const out of [child.stdout, child.stderr]) out.on('data', (text) => printed.push(text));
  const code = await new Promise((ok) => child.once('close', (c) => ok(c ?? 1)));
  process.stdout.write(Buffer.concat(printed));
  console.log(`# ${file}: ${code === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - begun) / 1000).toFixed(0)} s`);
  return code === 0;
}

/** Runs files, so many at once, and gives those that failed. */
async function failures(these, atOnce) {
  const failed = [];
  const next = these.values();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const file of next) if (!(await passes(file))) failed.push(file);
  }));
  return failed;
}

const among = (list) => list.filter((f) => files.includes(f));
let failed = [
  ...(await Promise.all([
    failures(files.filter((f) => !alone.includes(f) && !waiting.includes(f)), sideBySide),
    failures(among(waiting), 1),
  ])).flat(),
  ...(await failures(among(alone), 1)),
];
let unsteady = [];
for (let n = 0; n < reruns && failed.length > 0 && failed.length <= bearable; n++) {
  console.log(`# once more, each alone: ${failed.join(', ')}`);
  const again = await failures(failed, 1);
  unsteady = [...unsteady, ...failed.filter((f) => !again.includes(f))];
  failed = again;
}

if (unsteady.length > 0) console.log(`# unsteady, a fault to mend: ${unsteady.join(', ')}`);
if (failed.length > 0) console.log(`# failed: ${failed.join(', ')}`);
console.log(`${files.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
