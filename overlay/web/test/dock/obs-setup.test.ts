import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { after, test } from 'node:test';
import OBSWebSocket from 'obs-websocket-js/json';
import { WebSocketServer } from 'ws';
import { fitOf, gpuOf, reaches, setUp, type Ask, type Values } from '../../src/dock/setup/obs-setup.ts';

/** A server that speaks obs-websocket 5 with a password, and notes what it is asked. OBS 32 itself cannot be had here. */
class FakeObs {
  readonly asked: [string, Values | undefined][] = [];
  readonly server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'obswebsocket.json' });

  constructor(private readonly password: string, private readonly answers: Record<string, Values>) {
    this.server.on('connection', (socket) => {
      const send = (op: number, d: Values): void => socket.send(JSON.stringify({ op, d }));
      send(0, { obsWebSocketVersion: '5.5.0', rpcVersion: 1, authentication: { challenge: 'challenge', salt: 'salt' } });
      socket.on('message', (text) => {
        const { op, d } = JSON.parse(String(text)) as { op: number; d: Values };
        if (op === 1) {
          if (d['authentication'] !== hash(hash(this.password + 'salt') + 'challenge')) return socket.close(4009);
          return send(2, { negotiatedRpcVersion: 1 });
        }
        const { requestType, requestId, requestData } = d as { requestType: string; requestId: string; requestData?: Values };
        this.asked.push([requestType, requestData]);
        const answer = this.answers[requestType + (requestData?.['parameterName'] ? ` ${requestData['parameterName']}` : '')] ?? {};
        send(7, { requestType, requestId, requestStatus: { result: true, code: 100 }, responseData: answer });
      });
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64');

async function joined(answers: Record<string, Values>): Promise<{ obs: FakeObs; ask: Ask }> {
  const obs = new FakeObs('a password', answers);
  const socket = new OBSWebSocket();
  after(async () => {
    await socket.disconnect();
    obs.server.close();
  });
  if (!obs.server.address()) await once(obs.server, 'listening');
  await socket.connect(obs.url, 'a password');
  return { obs, ask: async (request, data) => (await socket.call(request as 'GetVersion', data as never)) as unknown as Values };
}

const video = { baseWidth: 2560, baseHeight: 1440, outputWidth: 1920, outputHeight: 1080, fpsNumerator: 60, fpsDenominator: 1 };

test('OBS gets a profile of its own, the address, and the configuration as one text; then the profile is chosen anew', async () => {
  const { obs, ask } = await joined({ GetProfileList: { currentProfileName: 'Mine', profiles: ['Mine'] }, GetVideoSettings: { ...video } });
  const config = '{"meta":{"config_id":""},"encoder_configurations":[{"type":"obs_nvenc_h264_tex"}]}';
  assert.equal(await setUp(ask, { profile: 'mediad corn', server: 'rtmps://live.example.com/live', key: 'KEY', config }), 'Mine');
  const stream = (parameterName: string, parameterValue: string): [string, Values] => ['SetProfileParameter', { parameterCategory: 'Stream1', parameterName, parameterValue }];
  assert.deepEqual(obs.asked, [
    ['GetProfileList', undefined], ['GetVideoSettings', undefined],
    ['CreateProfile', { profileName: 'mediad corn' }],
    ['SetVideoSettings', video],
    ['SetStreamServiceSettings', { streamServiceType: 'rtmp_custom', streamServiceSettings: { server: 'rtmps://live.example.com/live', key: 'KEY', use_auth: false } }],
    stream('EnableMultitrackVideo', 'true'), stream('MultitrackVideoMaximumAggregateBitrateAuto', 'true'), stream('MultitrackVideoMaximumVideoTracksAuto', 'true'),
    stream('MultitrackVideoConfigOverrideEnabled', 'true'), stream('MultitrackVideoConfigOverride', JSON.stringify({ text: config })),
    ['SetCurrentProfile', { profileName: 'Mine' }], ['SetCurrentProfile', { profileName: 'mediad corn' }],
  ]);
  assert.deepEqual(JSON.parse(JSON.parse(String(obs.asked[9]?.[1]?.['parameterValue'])).text), JSON.parse(config));
});

test('a profile from the last time is used again, and one that is in use has nothing to go back to', async () => {
  const { obs, ask } = await joined({ GetProfileList: { currentProfileName: 'mediad corn', profiles: ['Mine', 'mediad corn'] }, GetVideoSettings: { ...video } });
  assert.equal(await setUp(ask, { profile: 'mediad corn', server: 'rtmp://x/live', key: 'KEY', config: '{}' }), '');
  const kinds = obs.asked.map(([kind, data]) => `${kind} ${data?.['profileName'] ?? ''}`.trim()).filter((k) => /Profile(?!Parameter|List)/.test(k));
  assert.deepEqual(kinds, ['SetCurrentProfile Mine', 'SetCurrentProfile mediad corn']);
});

test('an old OBS and one that streams are left alone', async () => {
  for (const [version, outputActive, fit] of [['29.0.2', false, 'old'], ['32.0.0', false, 'old'], ['32.0.1', false, 'fits'], ['32.1.0-beta1', true, 'streaming']] as const) {
    const { obs, ask } = await joined({ GetVersion: { obsVersion: version }, GetStreamStatus: { outputActive } });
    assert.deepEqual(await fitOf(ask), { fit, version });
    assert.ok(obs.asked.every(([kind]) => kind.startsWith('Get')), 'nothing is changed');
  }
  assert.deepEqual(['32.0.1', '32.0.2', '32.1.0', '33.0.0', '32.0.0', '31.9.9', '', 'x'].map(reaches), [true, true, true, true, false, false, false, false]);
});

test('what encodes is known from the profile that is there', async () => {
  const cases: [string, string, string][] = [['Simple', 'nvenc', 'nvidia'], ['Simple', 'qsv', 'intel'], ['Simple', 'amd', 'amd'], ['Simple', 'apple_h264', 'apple'], ['Simple', 'x264', 'x264'], ['Advanced', 'h264_texture_amf', 'amd'], ['', '', 'x264']];
  for (const [mode, encoder, want] of cases) {
    const name = mode === 'Advanced' ? 'Encoder' : 'StreamEncoder';
    const { ask } = await joined({ 'GetProfileParameter Mode': { parameterValue: mode }, [`GetProfileParameter ${name}`]: { parameterValue: encoder } });
    assert.equal(await gpuOf(ask), want, `${mode} ${encoder}`);
  }
});
