/** What the operator's panel says, in English and Chinese. It is loaded for operators only. */

export interface Words {
  title: string;
  tokenAsk: string;
  token: string;
  show: string;
  forget: string;
  wrongToken: string;
  noRoom: string;
  noAnswer: string;
  asking: string;
  notLive: string;
  waiting: string;
  allWell: string;
  clicks: (n: string) => string;
  problems: (n: number) => string;
  chart: (now: string, least: string, most: string) => string;
  received: string;
  packaged: string;
  picture: string;
  fps: string;
  keyframes: string;
  bFrames: string;
  drift: string;
  late: string;
  roundTrip: string;
  dropped: string;
  lateFrames: string;
  moved: string;
  breaks: string;
  gaps: string;
  encoder: string;
  yes: string;
  no: string;
  most: (s: string) => string;
  since: (s: string) => string;
  jitter: (s: string) => string;
  seconds: (n: string) => string;
  milliseconds: (n: string) => string;
  kilobits: (n: string) => string;
  megabits: (n: string) => string;
  happened: string;
  /** By kind, where the server's English is not the reader's, given the reason. */
  events: Record<string, (reason: string) => string>;
  /** The server's own reasons. */
  reasons: Record<string, string>;
  /** By code, where the server's English is not the reader's. */
  warnings: Record<string, (n: string) => string>;
}

const en: Words = {
  title: 'Stream health',
  tokenAsk: 'For the people who run this room. The token stays in this tab and is sent to this server only.',
  token: 'API token',
  show: 'Show',
  forget: 'Forget token',
  wrongToken: 'The server does not accept this token.',
  noRoom: 'The server does not know this room.',
  noAnswer: 'The server does not answer; trying again.',
  asking: 'Asking the server…',
  notLive: 'Nobody is publishing.',
  waiting: 'The publisher is gone; the room waits for it to come back.',
  allWell: 'All is well.',
  clicks: (n) => `Clicks to the shop in this show: ${n}`,
  problems: (n) => (n === 1 ? '1 thing to look at' : `${n} things to look at`),
  chart: (now, least, most) => `Received bit rate over the last two minutes: now ${now}, between ${least} and ${most}`,
  received: 'Received',
  packaged: 'Sent to viewers',
  picture: 'Picture',
  fps: 'Frames per second',
  keyframes: 'Keyframe interval',
  bFrames: 'B-frames',
  drift: 'Sound ahead of picture',
  late: 'Late',
  roundTrip: 'Round trip',
  dropped: 'Dropped frames',
  lateFrames: 'Late frames',
  moved: 'Frames moved in time',
  breaks: 'Breaks',
  gaps: 'Gaps in the sound',
  encoder: 'Encoder',
  yes: 'yes',
  no: 'no',
  most: (s) => `up to ${s}`,
  since: (s) => `moved by ${s}`,
  jitter: (s) => `jitter ${s}`,
  seconds: (n) => `${n} s`,
  milliseconds: (n) => `${n} ms`,
  kilobits: (n) => `${n} kbit/s`,
  megabits: (n) => `${n} Mbit/s`,
  happened: 'What happened to the publisher',
  events: {},
  reasons: {},
  warnings: {},
};

const zh: Words = {
  title: '推流状态',
  tokenAsk: '仅供直播间运营人员使用。令牌只保存在此标签页，且只发送给本服务器。',
  token: 'API 令牌',
  show: '查看',
  forget: '清除令牌',
  wrongToken: '服务器不接受此令牌。',
  noRoom: '服务器上没有这个直播间。',
  noAnswer: '服务器没有响应，正在重试。',
  asking: '正在查询…',
  notLive: '当前没有推流。',
  waiting: '推流已断开，直播间正在等待恢复。',
  allWell: '一切正常。',
  clicks: (n) => `本场前往商店的点击：${n}`,
  problems: (n) => `${n} 个问题需要处理`,
  chart: (now, least, most) => `最近两分钟的接收码率：当前 ${now}，介于 ${least} 与 ${most} 之间`,
  received: '接收码率',
  packaged: '分发码率',
  picture: '画面',
  fps: '帧率',
  keyframes: '关键帧间隔',
  bFrames: 'B 帧',
  drift: '声音超前画面',
  late: '滞后',
  roundTrip: '往返时延',
  dropped: '丢弃帧',
  lateFrames: '迟到的帧',
  moved: '时间被修正的帧',
  breaks: '中断',
  gaps: '声音断点',
  encoder: '编码器',
  yes: '有',
  no: '无',
  most: (s) => `最长 ${s}`,
  since: (s) => `已偏移 ${s}`,
  jitter: (s) => `抖动 ${s}`,
  seconds: (n) => `${n} 秒`,
  milliseconds: (n) => `${n} 毫秒`,
  kilobits: (n) => `${n} kbit/s`,
  megabits: (n) => `${n} Mbit/s`,
  happened: '推流记录',
  events: {
    on_air: () => '推流已开始。',
    back: () => '推流已恢复。',
    lost: () => '推流连接已断开，直播间正在等待恢复。',
    taken_over: () => '另一个编码器接管了直播间。',
    contention: () => '两个编码器在争用直播间：当前推流已保留，请停止另一个编码器。',
    refused: (why) => `密钥正确，但推流被拒绝：${why}`,
    closed: (why) => `服务器已关闭推流：${why}`,
    ended: (why) => `直播已结束：${why}。`,
  },
  reasons: {
    'the encoder stopped': '编码器停止推流',
    'the host ended it': '主播结束直播',
    'the encoder did not come back': '推流未恢复',
    'nothing usable came from the encoder': '没有收到可用的内容',
    'it had ended before the server restarted': '服务器重启前已结束',
    'no audio or video in time': '长时间没有收到声音或画面',
  },
  warnings: {
    publisher_gone: () => '推流已断开，直播间正在等待恢复。',
    silent: (n) => `已有 ${n} 秒没有收到任何数据：请检查编码器的网络连接。`,
    no_video: (n) => `声音正常，但已有 ${n} 秒没有画面：请检查视频源，以及编码器是否过载。`,
    no_audio: (n) => `画面正常，但已有 ${n} 秒没有声音：请检查 OBS → 设置 → 音频 中的设备。`,
    late: (n) => `推流滞后 ${n} 秒：上行带宽不足。请在 OBS → 设置 → 输出 中降低码率，或改用有线网络。`,
    early: (n) => `媒体到达快于实际时间，已超前 ${n} 秒：请推送直播内容；推送文件时请按其原速（ffmpeg 在 -i 前加 -re）。`,
    pauses: (n) => `一分钟内推流中断 ${n} 次，播放器需重新开始：请检查上行网络，或在 OBS → 设置 → 输出 中降低码率。`,
    timestamp_jumps: (n) => `一分钟内编码器时钟跳变 ${n} 次，播放器需重新开始：请停止并重新推流；若仍出现，请升级编码器。`,
    timestamps_back: (n) => `一分钟内编码器时间戳回退 ${n} 次：请停止并重新推流；若仍出现，请升级编码器。`,
    late_frames: (n) => `一分钟内有 ${n} 帧画面或声音比另一方到得太晚：请检查编码器是否过载，并关闭其他程序。`,
    no_key_frame: (n) => `十秒内有 ${n} 帧画面无法使用，因为之前没有关键帧：请在 OBS → 设置 → 输出 中将关键帧间隔设为 2 秒。`,
    no_video_header: (n) => `画面没有 H.264 序列头，无法显示（十秒内 ${n} 帧）：请停止并重新推流；使用 ffmpeg 时请加 -flags +global_header。`,
    no_audio_header: (n) => `声音没有 AAC 序列头，观众听不到（十秒内 ${n} 帧）：请停止并重新推流；若仍出现，请升级编码器。`,
    bad_pictures: (n) => `十秒内有 ${n} 帧画面无法读取，已丢弃：请升级编码器，或在 OBS → 设置 → 输出 中改用其他编码器（x264）。`,
    bad_sound: (n) => `十秒内有 ${n} 帧声音任何播放器都无法解码，已丢弃：请升级编码器，或改用其他 AAC 编码器。`,
    bad_messages: (n) => `十秒内有 ${n} 条消息无法理解，已丢弃：请升级编码器。`,
    sound_layout: () => '观众听不到声音：浏览器无法播放此声道布局。请选择单声道、立体声或 5.1（ffmpeg：-ac 2，或 -af aformat=channel_layouts=5.1）。',
    sound_frame_length: () => '观众听不到声音：AAC 每帧为 960 个采样。请选择每帧 1024 个采样的 AAC-LC。',
    sound_profile: () => '观众听不到声音：浏览器无法播放此 AAC 规格。请选择 AAC-LC。',
    sound_sample_rate: () => '观众听不到声音：MPEG-TS 中的 AAC 不支持此采样率。请在 OBS → 设置 → 音频 中选择 48 kHz。',
    bad_header: (n) => `十秒内有 ${n} 个序列头为空或无法读取，已跳过。若缺少画面或声音，请升级编码器。`,
    sound_in_adts: () => '编码器将声音封装在 ADTS 中，这在此处并不需要。服务器已将其取出，观众可正常收听：请在方便时升级编码器。',
    sound_config: (n) => `编码器把 AAC 序列头当作声音发送（十秒内 ${n} 次）。服务器已按序列头处理，观众可正常收听：请在方便时升级编码器。`,
    start_codes: () => '编码器在画面中使用起始码，而此处应为长度。服务器已将其转换，观众可正常观看：请在方便时升级编码器；使用 ffmpeg 时请加 -flags +global_header。',
    slices: () => '编码器把每帧画面拆成多条消息发送。服务器会将其合并，观众因此多延迟一帧：请在编码器中将 slices 设为 1。',
    keyframes_missing: (n) => `已有 ${n} 秒没有关键帧：编码器使用了帧内刷新（intra refresh）、开放式 GOP 或无限长 GOP。此时进入的观众大多看不到画面。请在 OBS → 设置 → 输出 中将关键帧间隔设为 2 秒，并关闭帧内刷新。`,
    keyframe_interval: (n) => `关键帧间隔为 ${n} 秒：请在 OBS → 设置 → 输出 中设为 2 秒。`,
    b_frames: () => '编码器使用了 B 帧：请在 OBS → 设置 → 输出 中将最大 B 帧数设为 0，否则每个 B 帧都会使观众多延迟一帧。',
    low_fps: () => '编码器发送的帧数过少：请在 OBS → 设置 → 视频 中降低分辨率或帧率，或选择更快的预设。',
    audio_drift: (n) => `音画已偏移 ${n} 秒：请在 OBS → 设置 → 音频 和系统声音设置中统一使用 48 kHz，然后停止并重新推流。`,
    audio_offset: (n) => `音画到达相差 ${n} 秒：请在 OBS → 高级音频属性 中将同步偏移设为 0，并移除渲染延迟。`,
    audio_gaps: (n) => `一分钟内声音断裂 ${n} 次：请在 OBS → 设置 → 音频 和系统声音设置中统一使用 48 kHz，并关闭其他程序。`,
    settings_change: (n) => `一分钟内编码器设置变更 ${n} 次，每次播放器都需重新开始：更改设置后请停止并重新推流。`,
    round_trip: (n) => `编码器到服务器的往返时延为 ${n} 秒：请使用更近的服务器，或改用有线网络。`,
  },
};

export function operatorWords(locale: string): Words {
  return /^zh\b/i.test(locale) ? zh : en;
}
