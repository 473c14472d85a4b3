import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type * as cues from '../../src/shared/cue.ts';

const dir = mkdtempSync(join(tmpdir(), 'mediad-cues-'));
after(() => rmSync(dir, { recursive: true }));

test('npm pack makes a package that reads cues, with its types', async () => {
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', dir], { cwd: '../../clients/js', encoding: 'utf8' })) as { filename: string; files: { path: string }[] }[];
  assert.deepEqual(packed[0]?.files.map((f) => f.path).sort(), ['README.md', 'dist/cues.d.ts', 'dist/cues.js', 'package.json']);
  execFileSync('tar', ['-xzf', join(dir, packed[0].filename), '-C', dir]);
  const { cueIn } = (await import(pathToFileURL(join(dir, 'package/dist/cues.js')).href)) as typeof cues;
  const [first] = (JSON.parse(readFileSync('../../clients/vectors/cues.json', 'utf8')) as { tags: { tag: string }[] }).tags;
  assert.equal(cueIn(new Uint8Array(Buffer.from(first!.tag, 'base64')))?.product?.title, 'Sweet corn');
  assert.match(readFileSync(join(dir, 'package/dist/cues.d.ts'), 'utf8'), /export declare class CueQueue/);
});
