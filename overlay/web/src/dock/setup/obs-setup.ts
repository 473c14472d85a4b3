/** Sets OBS up for pictures of several sizes, over its WebSocket server: a profile of its own, so that the former one stays as it is. */

export type GPU = 'nvidia' | 'intel' | 'amd' | 'apple' | 'x264';
export type Values = Record<string, unknown>;

/** Asks OBS for something, as obs-websocket 5 takes it. */
export type Ask = (request: string, data?: Values) => Promise<Values>;

export interface Wish {
  readonly profile: string;
  readonly server: string;
  readonly key: string;
  /** The configuration, as the server gives it. */
  readonly config: string;
}

/** The first version of OBS that takes a configuration for a server of one's own. */
const least = [32, 0, 1];

/** `old`: this OBS cannot; `streaming`: it is on air, and OBS changes no profile then; `fits`: it can be set up. */
export type Fit = 'old' | 'streaming' | 'fits';

export async function fitOf(ask: Ask): Promise<{ readonly fit: Fit; readonly version: string }> {
  const version = String((await ask('GetVersion'))['obsVersion'] ?? '');
  if (!reaches(version)) return { fit: 'old', version };
  return { fit: (await ask('GetStreamStatus'))['outputActive'] === true ? 'streaming' : 'fits', version };
}

/** Whether a version is the least one, or a later one. */
export function reaches(version: string): boolean {
  const parts = version.split(/[.-]/).map(Number);
  for (const [i, want] of least.entries()) {
    const have = parts[i] ?? 0;
    if (have !== want) return have > want;
  }
  return true;
}

/** What encodes in this computer, by the encoder that the profile has now. */
export async function gpuOf(ask: Ask): Promise<GPU> {
  const parameter = async (parameterCategory: string, parameterName: string): Promise<string> => String((await ask('GetProfileParameter', { parameterCategory, parameterName }))['parameterValue'] ?? '');
  const advanced = (await parameter('Output', 'Mode')) === 'Advanced';
  const encoder = await parameter(advanced ? 'AdvOut' : 'SimpleOutput', advanced ? 'Encoder' : 'StreamEncoder');
  if (/nvenc/i.test(encoder)) return 'nvidia';
  if (/qsv/i.test(encoder)) return 'intel';
  if (/am[df]/i.test(encoder)) return 'amd';
  return /apple|videotoolbox/i.test(encoder) ? 'apple' : 'x264';
}

/** Sets it up, and gives the name of the profile that was there before. */
export async function setUp(ask: Ask, wish: Wish): Promise<string> {
  const { currentProfileName, profiles } = await ask('GetProfileList');
  const before = String(currentProfileName);
  const { baseWidth, baseHeight, outputWidth, outputHeight, fpsNumerator, fpsDenominator } = await ask('GetVideoSettings');
  const known = Array.isArray(profiles) && profiles.includes(wish.profile);
  if (!known) await ask('CreateProfile', { profileName: wish.profile }); // OBS changes to it
  else if (before !== wish.profile) await ask('SetCurrentProfile', { profileName: wish.profile });
  await ask('SetVideoSettings', { baseWidth, baseHeight, outputWidth, outputHeight, fpsNumerator, fpsDenominator });
  await ask('SetStreamServiceSettings', { streamServiceType: 'rtmp_custom', streamServiceSettings: { server: wish.server, key: wish.key, use_auth: false } });
  const parameters: [string, string][] = [
    ['EnableMultitrackVideo', 'true'],
    ['MultitrackVideoMaximumAggregateBitrateAuto', 'true'],
    ['MultitrackVideoMaximumVideoTracksAuto', 'true'],
    ['MultitrackVideoConfigOverrideEnabled', 'true'],
    ['MultitrackVideoConfigOverride', JSON.stringify({ text: wish.config })],
  ];
  for (const [parameterName, parameterValue] of parameters) await ask('SetProfileParameter', { parameterCategory: 'Stream1', parameterName, parameterValue });
  const other = before !== wish.profile ? before : Array.isArray(profiles) ? profiles.find((p) => p !== wish.profile) : undefined;
  if (other !== undefined) { // OBS reads these settings when a profile is chosen
    await ask('SetCurrentProfile', { profileName: other });
    await ask('SetCurrentProfile', { profileName: wish.profile });
  }
  return before === wish.profile ? '' : before;
}
