import type OBSWebSocket from 'obs-websocket-js/json';
import type { ReactiveControllerHost } from 'lit';
import type { Deeds } from './deeds.ts';
import type { Desk } from './desk.ts';
import { dateOf, skuOf } from './scene.ts';

/** The OBS on this computer. Its WebSocket server tells which scene is on air; a scene with the name of a product shows it to viewers. */

export const address = 'ws://127.0.0.1:4455';
const retry = 3000; // ms
const leadKey = 'mediad-dock-obs-lead'; // in localStorage: it is this computer's
const longestLead = 5000; // ms
const settled = 2000; // ms after which a cue that had a date is told, or was never made
const scenes = 1 << 2; // EventSubscription.Scenes of obs-websocket
const wrongPassword = 4009; // its WebSocketCloseCode.AuthenticationFailed

/** `refused`: the password is wrong; `absent`: nothing answers; `lost`: it answered before. */
export type ObsState = 'off' | 'joining' | 'on' | 'refused' | 'absent' | 'lost';

export class Obs {
  state: ObsState = 'off';
  /** The scene that is on air. */
  scene = '';
  /** Why the product of a scene is not shown. */
  trouble: { readonly why: 'unknown' | 'unsent'; readonly sku: string } | undefined;
  socket: OBSWebSocket | undefined;
  private password = ''; // in memory alone
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lead = Number(localStorage.getItem(leadKey)) || 0; // ms by which a picture is ahead of the timecode: what OBS holds back before it sends
  private coming: { readonly id: string; readonly at: Date } | undefined; // the last product that was to come with its picture

  constructor(private readonly host: ReactiveControllerHost, readonly desk: Desk, private readonly deeds: Deeds) {}

  async connect(password: string): Promise<void> {
    this.password = password;
    this.set('joining');
    await this.open('absent');
  }

  disconnect(): void {
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = undefined;
    this.password = '';
    this.scene = '';
    this.trouble = undefined;
    this.set('off');
    void socket?.disconnect();
  }

  private set(state: ObsState): void {
    this.state = state;
    this.host.requestUpdate();
  }

  /** Opens the line. `failed` is what it is called where OBS does not answer. */
  private async open(failed: 'absent' | 'lost'): Promise<void> {
    const { default: OBSWebSocket } = await import('obs-websocket-js/json');
    const socket = (this.socket = new OBSWebSocket());
    try {
      await socket.connect(address, this.password, { eventSubscriptions: scenes });
      const { currentProgramSceneName } = await socket.call('GetCurrentProgramScene');
      if (socket !== this.socket) return;
      this.scene = currentProgramSceneName; // it stood there before: nobody has chosen it now
    } catch (err) {
      if (socket !== this.socket) return;
      this.socket = undefined;
      if ((err as { code?: unknown } | null)?.code === wrongPassword) return this.set('refused');
      this.set(failed);
      if (failed === 'lost') this.again();
      return;
    }
    socket.on('CurrentProgramSceneChanged', ({ sceneName }) => void this.show(sceneName));
    socket.on('ConnectionClosed', () => {
      if (socket !== this.socket) return;
      this.socket = undefined;
      this.set('lost');
      this.again();
    });
    this.set('on');
  }

  private again(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open('lost'), retry);
  }

  /** The programme date of the picture that OBS has now, by the timecode of its output; undefined: it does not stream. A slow line brings that picture to the server seconds later, and the card comes with it. `lead` is added. */
  async timecode(lead = 0): Promise<Date | undefined> {
    const { socket } = this;
    const status = socket?.call('GetStreamStatus').catch(() => undefined); // asked first: its time counts
    const [{ outputActive, outputReconnecting, outputDuration } = {}, delay] = await Promise.all([status, this.delay()]);
    return outputActive && !outputReconnecting && outputDuration !== undefined ? dateOf(this.desk.health?.ingest?.zero, outputDuration + delay + lead, this.desk.serverNow()) : undefined;
  }

  /** Notes by how many ms a clap was ahead of the timecode; undefined: that is not known. */
  learn(lead: number | undefined): void {
    this.lead = lead !== undefined && lead > 0 && lead < longestLead ? Math.round(lead) : 0;
    if (this.lead) localStorage.setItem(leadKey, String(this.lead));
    else localStorage.removeItem(leadKey);
  }

  /** By how many ms OBS holds its output back, if its "stream delay" is on: the timecode is that of what leaves it. */
  private async delay(): Promise<number> {
    const value = async (parameterName: string): Promise<string> =>
      (await this.socket?.call('GetProfileParameter', { parameterCategory: 'Output', parameterName }).catch(() => undefined))?.parameterValue ?? '';
    const [on, seconds] = await Promise.all([value('DelayEnable'), value('DelaySec')]);
    return /^(true|1)$/.test(on) && Number(seconds) > 0 ? Number(seconds) * 1000 : 0;
  }

  /** The product that is shown as the newest, or will be. */
  private newest(): string | undefined {
    return this.coming && this.coming.at.getTime() > this.desk.serverNow() - settled ? this.coming.id : this.desk.pinned.at(-1)?.id;
  }

  private async show(scene: string): Promise<void> {
    this.scene = scene;
    this.trouble = undefined;
    this.host.requestUpdate();
    const sku = skuOf(scene);
    if (!sku) return;
    const at = await this.timecode(this.lead);
    const item = this.desk.locked ? undefined : await this.desk.bySku(sku);
    if (scene !== this.scene) return; // another one is on air by now
    if (this.desk.locked) this.trouble = { why: 'unsent', sku };
    else if (!item) this.trouble = { why: 'unknown', sku };
    else if (this.newest() !== item.id) {
      this.coming = at && { id: item.id, at };
      await this.deeds.pinWith(item, `obs ${item.id}`, at);
    }
    this.host.requestUpdate();
  }
}
