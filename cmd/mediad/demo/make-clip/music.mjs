// Makes the tune: 32 s in C major at 90 beats a minute = 48 beats = 12 bars, plucked and struck
// voices synthesised here. Notes that ring past the end are folded onto the beginning, so the
// file is a ring: it may be looped at any place without a click.
//   node music.mjs OUT.wav
import { writeFileSync } from 'node:fs';

const RATE = 48000, SECONDS = 32, LEN = RATE * SECONDS, BEAT = SECONDS / 48;
const left = new Float64Array(LEN), right = new Float64Array(LEN);

const hertz = (midi) => 440 * 2 ** ((midi - 69) / 12);
const noise = (i) => { const x = Math.sin(i * 127.1 + 11.7) * 43758.5453; return x - Math.floor(x); };

// add lays one note on the ring. voice(t, f) is its wave.
function add(beat, midi, gain, pan, seconds, voice) {
  const start = Math.round(beat * BEAT * RATE), f = hertz(midi);
  const l = gain * Math.cos(((pan + 1) * Math.PI) / 4), r = gain * Math.sin(((pan + 1) * Math.PI) / 4);
  const count = Math.round(seconds * RATE), fadeOut = RATE * 0.05;
  for (let i = 0; i < count; i++) {
    const s = voice(i / RATE, f) * Math.min(1, i / 96, (count - i) / fadeOut), at = (start + i + LEN) % LEN;
    left[at] += s * l;
    right[at] += s * r;
  }
}

const TAU = 2 * Math.PI;
// A marimba bar: fundamental and its tuned partials at 4 and about 10 times, the higher the shorter.
const marimba = (t, f) =>
  Math.sin(TAU * f * t) * Math.exp(-t * (2.4 + f / 300)) + 0.32 * Math.sin(TAU * 3.98 * f * t) * Math.exp(-t * 13) + 0.09 * Math.sin(TAU * 9.6 * f * t) * Math.exp(-t * 38);
// A soft nylon string: few harmonics that die from above.
const pluck = (t, f) => [1, 2, 3, 4, 5].reduce((s, h) => s + (Math.sin(TAU * f * h * t) * Math.exp(-t * (1.5 + h * 1.5))) / h ** 1.5, 0);
const bass = (t, f) => (Math.sin(TAU * f * t) + 0.28 * Math.sin(TAU * 2 * f * t)) * Math.exp(-t * 2.1);
// A warm pad that swells and goes.
const pad = (length) => (t, f) =>
  Math.sin((Math.PI * Math.min(t, length)) / length) ** 0.8 * (Math.sin(TAU * f * 1.001 * t) + Math.sin(TAU * f * 0.999 * t) + 0.25 * Math.sin(TAU * 2 * f * t));
const shaker = (t) => (noise(Math.floor(t * RATE) % 4801) - 0.5) * Math.exp(-t * 60);

// chords: bass, then the four notes that are plucked; one a bar.
const C = [36, 55, 60, 64, 67], Am = [33, 57, 60, 64, 69], F = [41, 57, 60, 65, 69], G = [43, 55, 59, 62, 67], Em = [40, 55, 59, 64, 67], Dm = [38, 57, 62, 65, 69];
const bars = [C, Am, F, G, C, Em, F, G, Am, Em, Dm, G];

// tune: beat in the bar, note; 0 is middle C's octave above, in semitones from C5 (72).
const tune = [
  [[0, 4], [1, 7], [1.5, 9], [2, 7], [3, 4]], [[0, 0], [1, 4], [2, 9], [3, 7]],
  [[0.5, 5], [1, 9], [2, 12], [3, 9]], [[0, 7], [1, 11], [1.5, 9], [2, 7], [3, 2]],
  [[0, 4], [1, 7], [1.5, 9], [2, 7], [3, 12]], [[0, 11], [1, 7], [2, 4], [3, 7]],
  [[0, 9], [1, 12], [1.5, 9], [2, 5], [3, 9]], [[0, 7], [1, 5], [2, 2], [3, 5]],
  [[0, 4], [1, 9], [2, 12], [2.5, 11], [3, 9]], [[0, 7], [1, 4], [2, 7], [3, 11]],
  [[0, 9], [1, 5], [1.5, 7], [2, 9], [3, 5]], [[0, 7], [1, 2], [2, -1], [3, 2]],
];

bars.forEach(([low, ...notes], b) => {
  const beat = b * 4;
  add(beat, low, 0.34, 0, 1.6, bass);
  add(beat + 2.5, low + (b % 2 ? 0 : 7), 0.22, 0, 1.0, bass);
  for (let i = 0; i < 8; i++) {
    const note = notes[[0, 2, 1, 3, 2, 1, 3, 2][i]];
    add(beat + i / 2 + (i % 2 ? 0.03 : 0), note, 0.1 + 0.025 * noise(b * 8 + i), -0.35 + 0.2 * noise(i), 1.4, pluck);
    add(beat + i / 2, 60, i % 2 ? 0.05 : 0.022, 0.45, 0.09, shaker);
  }
  for (const note of notes.slice(1)) add(beat - 0.25, note, 0.018, note % 2 ? -0.6 : 0.6, 4.5 * BEAT, pad(4.5 * BEAT));
  for (const [at, step] of tune[b]) {
    add(beat + at, 72 + step, 0.25, 0.22, 1.5, marimba);
    add(beat + at + 0.75, 72 + step, 0.045, -0.5, 1.2, marimba); // a quiet echo on the other side
  }
});

// Level: peaks well under full scale; the loudness comes out near -20 LUFS.
const gain = 0.87, wav = Buffer.alloc(44 + LEN * 4);
wav.write('RIFF', 0); wav.writeUInt32LE(36 + LEN * 4, 4); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16); wav.writeUInt16LE(1, 20); wav.writeUInt16LE(2, 22);
wav.writeUInt32LE(RATE, 24); wav.writeUInt32LE(RATE * 4, 28); wav.writeUInt16LE(4, 32); wav.writeUInt16LE(16, 34); wav.write('data', 36); wav.writeUInt32LE(LEN * 4, 40);
const sample = (x) => Math.round(Math.max(-1, Math.min(1, Math.tanh(x * gain))) * 32767);
for (let i = 0; i < LEN; i++) {
  wav.writeInt16LE(sample(left[i]), 44 + i * 4);
  wav.writeInt16LE(sample(right[i]), 46 + i * 4);
}
writeFileSync(process.argv[2], wav);
