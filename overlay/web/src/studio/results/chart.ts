import { LitElement, css, html, unsafeCSS, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import uPlot from 'uplot';
import plotStyles from 'uplot/dist/uPlot.min.css?text';

const height = 190; // px
const lane = 22; // above the bars, for the marks
const apart = 15; // px that a mark's number needs

/** Something that happened at a moment, by a short name. */
export interface Mark {
  readonly at: number; // seconds since 1970
  readonly name: string;
}

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
  private readonly sizes = new ResizeObserver(() => this.plot?.setSize({ width: this.clientWidth, height }));
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
    const most = Math.max(1, ...bars.values);
    this.plot = new uPlot({
      width: this.clientWidth || 300,
      height,
      padding: [lane, 22, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, auto: false, range: () => [first, (bars.from.at(-1) ?? 0) + bars.stretch] }, y: { auto: false, range: () => [0, most * 1.05] } },
      axes: [
        { ...axis, grid: { show: false }, size: 26, space: 64, incrs: [60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000], values: (_, at) => at.map(this.clock) },
        { ...axis, size: 58, space: 34, values: (_, at) => at.map(this.figure) },
      ],
      series: [{}, { fill: ink!, stroke: ink!, width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.82, 26], align: 1 }) }],
      hooks: { draw: [(u) => this.mark(u, soft!, line!, font)] },
    }, [[...bars.from], [...bars.values]], this.box);
  };

  /** A line for each mark, with its name where there is room. */
  private mark({ ctx, bbox, valToPos }: uPlot, colour: string, line: string, font: string): void {
    const ratio = devicePixelRatio || 1;
    let free = -Infinity;
    ctx.save();
    ctx.font = font.replace('12px', `${12 * ratio}px`);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'bottom';
    for (const { at, name } of this.marks) {
      const x = Math.round(valToPos(at, 'x', true));
      if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
      ctx.fillStyle = x < free ? line : colour;
      ctx.fillRect(x, bbox.top - 5 * ratio, ratio, 5 * ratio);
      if (x < free) continue;
      ctx.fillText(name, x, bbox.top - 6 * ratio);
      free = x + apart * ratio * Math.max(1, name.length / 2);
    }
    ctx.restore();
  }
}

customElements.define('result-chart', ResultChart);
