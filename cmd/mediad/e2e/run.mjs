// Runs the end-to-end tests: each file by itself, one after another, because they play in real time and share two
// cores. A file that fails is run once more at the end, alone: a machine that others use can hold a browser up for
// seconds. What passes only then is named as unsteady, and is a fault to mend. Where more than a few files fail, the
// product is at fault, and nothing is run again.
//
//   node run.mjs [FILE...]          all *.test.mjs without a FILE
//   MEDIAD_E2E_RERUNS (1)           how often a file that fails is run again; 0: each failure counts
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const reruns = Number(process.env.MEDIAD_E2E_RERUNS ?? 1);
const bearable = 3; // files that may fail at first

const files = process.argv.length > 2
  ? process.argv.slice(2).map((f) => basename(f))
  : readdirSync(here).filter((f) => f.endsWith('.test.mjs')).sort();

/** Runs one file; gives whether it passed. */
async function passes(file) {
  const begun = Date.now();
  const child = spawn(process.execPath, ['--test', '--test-timeout=600000', file], { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise((ok) => child.once('exit', (c) => ok(c ?? 1)));
  console.log(`# ${file}: ${code === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - begun) / 1000).toFixed(0)} s`);
  return code === 0;
}

let failed = [];
for (const file of files) if (!(await passes(file))) failed.push(file);

const unsteady = [];
for (let n = 0; n < reruns && failed.length > 0 && failed.length <= bearable; n++) {
  console.log(`# once more, each alone: ${failed.join(', ')}`);
  const again = [];
  for (const file of failed) ((await passes(file)) ? unsteady : again).push(file);
  failed = again;
}

if (unsteady.length > 0) console.log(`# unsteady, a fault to mend: ${unsteady.join(', ')}`);
if (failed.length > 0) console.log(`# failed: ${failed.join(', ')}`);
console.log(`${files.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
