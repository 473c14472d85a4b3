// What other people's playlist parsers say.
import assert from 'node:assert/strict';
import hlsParser from 'hls-parser';
import m3u8 from 'm3u8-parser';

hlsParser.setOptions({ strictMode: true });

/** Both parsers read a playlist and have nothing to say of it. Gives what the strict one read. */
export function parsed(text) {
  const strict = hlsParser.parse(text);
  const parser = new m3u8.Parser();
  const said = [];
  for (const level of ['warn', 'error']) parser.on(level, (e) => said.push(e.message));
  parser.push(text);
  parser.end();
  assert.deepEqual(said, []);
  return strict;
}
