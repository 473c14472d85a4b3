import { LitElement, css, html, unsafeCSS, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import uPlot from 'uplot';
import plotStyles from 'uplot/dist/uPlot.min.css?text';
import { rowsOf, type Mark } from './marks.ts';

const height = 190; // px
const lane = 14; // px, a row of marks above the bars
const sides = [58, 22] as const; // px beside the bars

/** What was counted in stretches of the same length. */
export interface Bars {
  readonly from: readonly number[]; // seconds since 1970
  readonly values: readonly number[];
  readonly stretch: number; // seconds
}

/** `<result-chart>`: bars over the time of a show, with clock times below and marks above. It is a picture: its words stand beside it. */
export class ResultChart extends LitElement {
  static override styles = [unsafeCSS(plotStyles), css`
    :host { display: block; height: ${height}px; overflow: hidden; direction: ltr; pointer-events: none; }
  `];

  @property({ attribute: false }) bars: Bars = { from: [], values: [], stretch: 60 };
  @property({ attribute: false }) marks: readonly Mark[] = [];
  @property({ attribute: false }) clock: (at: number) => string = String;
  @property({ attribute: false }) figure: (n: number) => string = String;

  @query('div') private box!: HTMLElement;

  private plot: uPlot | undefined;
  private readonly sizes = new ResizeObserver(() => this.plot && this.plot.width !== this.clientWidth && this.begin());
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
    this.dark.addEventListener('change', this.begin);
    if (this.hasUpdated) this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
    this.dark.removeEventListener('change', this.begin);
    this.plot?.destroy();
    this.plot = undefined;
  }

  protected override render(): TemplateResult {
    return html`<div></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (['bars', 'marks', 'clock', 'figure'].some((name) => changed.has(name as keyof ResultChart))) this.begin();
  }

  /** The canvas has fixed colours and words, so others need a new plot. */
  private readonly begin = (): void => {
    this.plot?.destroy();
    const { bars } = this;
    const style = getComputedStyle(this);
    const [ink, soft, line] = ['--price', '--soft', '--line'].map((name) => style.getPropertyValue(name).trim() || 'gray');
    const font = `12px ${style.fontFamily}`;
    const axis: uPlot.Axis = { stroke: soft!, font, grid: { stroke: line!, width: 1 }, ticks: { show: false } };
    const first = bars.from[0] ?? 0;
    const last = (bars.from.at(-1) ?? 0) + bars.stretch;
    const width = this.clientWidth || 300;
    // The clocks of the picture and of the server differ by a little: a mark at the edge stays.
    const marks = this.marks.map(({ at, name }) => ({ part: Math.min(1, Math.max(0, (at - first) / (last - first || 1))), name }));
    const rows = rowsOf(marks.map(({ part, name }) => ({ x: part * (width - sides[0] - sides[1]), name })));
    const most = Math.max(1, ...bars.values);
    this.plot = new uPlot({
      width,
      height,
      padding: [8 + lane * Math.max(1, ...rows.map((row) => row + 1)), sides[1], 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, auto: false, range: () => [first, last] }, y: { auto: false, range: () => [0, most * 1.05] } },
      axes: [
        { ...axis, grid: { show: false }, size: 26, space: 64, incrs: [60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000], values: (_, at) => at.map(this.clock) },
        { ...axis, size: sides[0], space: 34, values: (_, at) => at.map(this.figure) },
      ],
      series: [{}, { fill: ink!, stroke: ink!, width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [1, Infinity], gap: 1, align: 1 }) }],
      hooks: { draw: [(u) => marks.forEach(({ part, name }, i) => mark(u, part, name, rows[i]!, soft!, font))] },
    }, [[...bars.from], [...bars.values]], this.box);
  };
}

/** A short line at the moment of a mark, with its name above; one without room has the line alone. */
function mark({ ctx, bbox }: uPlot, part: number, name: string, row: number, colour: string, font: string): void {
  const ratio = devicePixelRatio || 1;
  const x = Math.round(bbox.left + part * bbox.width);
  ctx.save();
  ctx.font = font.replace('12px', `${12 * ratio}px`);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  ctx.fillStyle = colour;
  ctx.fillRect(x, bbox.top - 5 * ratio, ratio, 5 * ratio);
  if (row >= 0) ctx.fillText(name, x, bbox.top - (5 + lane * row) * ratio);
  ctx.restore();
}

customElements.define('result-chart', ResultChart);
