// Cuts AAC frames out of an ADTS file: node adts.mjs IN.aac OUT.aac FIRST COUNT
// The tune is encoded three times over and its middle taken: there the encoder is in full swing,
// so frame FIRST+COUNT would be frame FIRST again and the loop has no seam and no priming.
import { readFileSync, writeFileSync } from 'node:fs';

const [from, to, first, count] = process.argv.slice(2);
const data = readFileSync(from), frames = [];
for (let at = 0; at + 7 <= data.length; ) {
  if (data[at] !== 0xff || (data[at + 1] & 0xf6) !== 0xf0) throw new Error(`no ADTS header at byte ${at}`);
  const length = ((data[at + 3] & 3) << 11) | (data[at + 4] << 3) | (data[at + 5] >> 5); // ISO/IEC 13818-7 6.2.1 aac_frame_length
  frames.push(data.subarray(at, at + length));
  at += length;
}
const cut = frames.slice(+first, +first + +count);
if (cut.length !== +count) throw new Error(`only ${cut.length} of ${count} frames are there`);
writeFileSync(to, Buffer.concat(cut));
