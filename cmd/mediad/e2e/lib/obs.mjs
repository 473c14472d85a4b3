// A real OBS Studio without a desktop: on an Xvfb of its own, in a HOME of its own, driven by its own WebSocket server.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OBSWebSocket from 'obs-websocket-js/json';
import { until } from './mediad.mjs';

const port = 4455; // the one that the dock may speak to

const ini = (sections) => Object.entries(sections).map(([name, values]) => `[${name}]\n${Object.entries(values).map(([k, v]) => `${k}=${v}`).join('\n')}\n`).join('\n');

const source = (name, id, settings, version = id) => ({
  name, id, versioned_id: version, settings, enabled: true, flags: 0, volume: 1, balance: 0.5, sync: 0, mixers: 255, muted: false, monitoring_type: 0, hotkeys: {}, filters: [],
});

const item = (name) => ({
  name, id: 1, visible: true, locked: true, align: 5, bounds_type: 0, bounds_align: 0, bounds: { x: 0, y: 0 }, pos: { x: 0, y: 0 }, rot: 0, scale: { x: 1, y: 1 },
  crop_left: 0, crop_right: 0, crop_top: 0, crop_bottom: 0, scale_filter: 'disable', group_item_backup: false,
});

/** Starts OBS with scenes of one colour each, given as { name: 0xAABBGGRR }, the first one on air, and streams to a server. */
export async function startOBS({ server, key, scenes }) {
  const home = await mkdtemp(join(tmpdir(), 'mediad-e2e-obs-'));
  const config = join(home, '.config/obs-studio');
  const password = randomBytes(9).toString('hex');
  const [width, height] = [640, 360];
  for (const dir of ['basic/profiles/test', 'basic/scenes']) await mkdir(join(config, dir), { recursive: true });
  await mkdir(join(home, 'run'), { mode: 0o700 });
  const names = Object.keys(scenes);
  const sources = names.flatMap((name) => [
    source(`colour of ${name}`, 'color_source', { color: scenes[name], width, height }, 'color_source_v3'),
    source(name, 'scene', { id_counter: 1, custom_size: false, items: [item(`colour of ${name}`)] }),
  ]);
  const files = {
    'global.ini': ini({
      General: { Pre19Defaults: false, Pre21Defaults: false, Pre23Defaults: false, 'Pre24.1Defaults': false, FirstRun: true, LastVersion: 486539266, InfoIncrement: 999, EnableAutoUpdates: false, ConfirmOnExit: false, Language: 'en-US' },
      Basic: { Profile: 'test', ProfileDir: 'test', SceneCollection: 'test', SceneCollectionFile: 'test', ConfigOnNewProfile: false },
      BasicWindow: { WarnBeforeStartingStream: false, WarnBeforeStoppingStream: false, SysTrayEnabled: false, SysTrayWhenStarted: false, PreviewEnabled: false },
      OBSWebSocket: { FirstLoad: false, ServerEnabled: true, ServerPort: port, AlertsEnabled: false, AuthRequired: true, ServerPassword: password },
    }),
    'basic/profiles/test/basic.ini': ini({
      General: { Name: 'test' },
      Video: { BaseCX: width, BaseCY: height, OutputCX: width, OutputCY: height, FPSType: 1, FPSInt: 30, ScaleType: 'bilinear', ColorFormat: 'NV12', ColorSpace: 709, ColorRange: 'Partial' },
      Audio: { SampleRate: 48000, ChannelSetup: 'Stereo' },
      Output: { Mode: 'Advanced', Reconnect: true, RetryDelay: 2, MaxRetries: 20, DelayEnable: false },
      AdvOut: { Encoder: 'obs_x264', AudioEncoder: 'ffmpeg_aac', ApplyServiceSettings: false, TrackIndex: 1, Track1Bitrate: 128 },
    }),
    'basic/profiles/test/service.json': JSON.stringify({ type: 'rtmp_custom', settings: { server, key, use_auth: false, bwtest: false } }),
    'basic/profiles/test/streamEncoder.json': JSON.stringify({ rate_control: 'CBR', bitrate: 600, keyint_sec: 1, preset: 'ultrafast', profile: 'main', tune: 'zerolatency', bf: 0, x264opts: 'bframes=0' }),
    'basic/scenes/test.json': JSON.stringify({
      name: 'test', current_scene: names[0], current_program_scene: names[0], scene_order: names.map((name) => ({ name })), sources, groups: [],
      transitions: [], quick_transitions: [], current_transition: 'Cut', transition_duration: 300, modules: {}, saved_projectors: [],
    }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(config, name), text);

  const children = [];
  const start = (command, args, env, stdio) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio });
    children.push(child);
    return child;
  };
  const screen = start('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp', '+extension', 'GLX'], {}, ['ignore', 'ignore', 'ignore', 'pipe']);
  const display = await new Promise((ok, fail) => {
    screen.stdio[3].once('data', (text) => ok(String(text).trim()));
    screen.once('error', fail);
    screen.once('exit', (code) => fail(new Error(`Xvfb ended with ${code}`)));
  });
  const said = [];
  const obs = start('obs', ['--multi', '--startstreaming', '--profile', 'test', '--collection', 'test', '--scene', names[0], '--minimize-to-tray', '--disable-updater', '--disable-missing-files-check'], {
    HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_CACHE_HOME: join(home, '.cache'), XDG_RUNTIME_DIR: join(home, 'run'), DISPLAY: `:${display}`, QT_QPA_PLATFORM: 'xcb',
    LIBGL_ALWAYS_SOFTWARE: '1', GALLIUM_DRIVER: 'llvmpipe', LP_NUM_THREADS: '1', LC_ALL: 'C.UTF-8', WAYLAND_DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: '',
    http_proxy: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9', // it looks for nothing outside this machine
  }, ['ignore', 'pipe', 'pipe']);
  for (const out of [obs.stdout, obs.stderr]) out.on('data', (text) => said.push(text));

  const socket = new OBSWebSocket();
  const stop = async () => {
    await socket.disconnect().catch(() => {});
    for (const child of children.reverse()) {
      const ended = child.exitCode !== null || child.signalCode !== null ? undefined : new Promise((ok) => child.once('exit', ok));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(late);
    }
    await rm(home, { recursive: true, force: true });
  };
  try {
    await until('OBS answers', () => {
      if (obs.exitCode !== null) throw new Error(`OBS ended with ${obs.exitCode}: ${Buffer.concat(said).toString().slice(-2000)}`);
      return socket.identified || socket.connect(`ws://127.0.0.1:${port}`, password).then(() => true, () => false);
    }, 60000, 300);
  } catch (err) {
    await stop();
    throw err;
  }
  return {
    password,
    stop,
    /** Goes to a scene, as a click on it does. */
    scene: (sceneName) => socket.call('SetCurrentProgramScene', { sceneName }),
    status: () => socket.call('GetStreamStatus'),
  };
}
