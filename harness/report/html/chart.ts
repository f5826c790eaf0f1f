/**
 * The door to the chart library: horizontal rows on a value axis, with bars, whiskers, bands and words at the right.
 * Drawn to SVG without a document. Colours are CSS variables, so that one drawing serves light and dark.
 */
import { type CustomSeriesOption, CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { drawTwice, slim } from './draw-svg.ts';
import { shorten, widthOf } from './labels.ts';
import type { ChartText } from './svg.ts';

echarts.use([CustomChart, GridComponent, SVGRenderer]);

/** Place within a row, as shares of its height: -0.5 is its upper edge, 0.5 its lower. */
interface Placed {
  readonly row: number;
  readonly offset: number;
}

export interface Bar extends Placed {
  readonly from: number;
  readonly to: number;
  /** Share of the row's height. */
  readonly thickness: number;
  readonly color: string;
  /** Written inside where it fits. */
  readonly text?: string;
}

export interface Whisker extends Placed {
  readonly at: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly shape: 'disc' | 'ring' | 'diamond' | 'none';
  readonly color: string;
}

export interface Plot {
  readonly text: Omit<ChartText, 'className'>;
  /** One per row, top to bottom. */
  readonly labels: readonly string[];
  readonly rowHeight: number;
  readonly min: number;
  readonly max: number;
  /** Between ticks. */
  readonly interval: number;
  readonly formatTick: (value: number) => string;
  readonly axisName: string;
  readonly bars?: readonly Bar[];
  readonly whiskers?: readonly Whisker[];
  /** Shaded from..to over all rows. */
  readonly band?: { readonly from: number; readonly to: number };
  /** A firm vertical line. */
  readonly zero?: number;
  /** A word at the right of each row, with its colour. */
  readonly words?: readonly { readonly text: string; readonly color: string }[];
}

type Render = NonNullable<CustomSeriesOption['renderItem']>;
type Api = Parameters<Render>[1];
type Item = ReturnType<Render>;
type Draw = (api: Api) => Item;

const HEAD = 8;
const FOOT = 46;
const TEXT = 12.5;

/** Two points in pixels: where a value meets a row, `offset` row heights below its middle. */
function point(api: Api, value: number, place: Placed, rowHeight: number): [number, number] {
  const [x = 0, y = 0] = api.coord([value, place.row]);
  return [x, y + place.offset * rowHeight];
}

function drawBar(bar: Bar, height: number): Draw {
  return (api) => {
    const [left, y] = point(api, bar.from, bar, height);
    const [right] = point(api, bar.to, bar, height);
    const width = Math.max(0, right - left);
    const thickness = bar.thickness * height;
    const rect = {
      type: 'rect' as const,
      silent: true,
      // A gap between neighbours tells them apart where colours are close.
      shape: { x: left, y: y - thickness / 2, width: Math.max(0.5, width - 1.5), height: thickness, r: 2 },
      style: { fill: bar.color },
    };
    if (bar.text === undefined || width < 9 + 8 * bar.text.length) return rect;
    const words = {
      type: 'text' as const,
      silent: true,
      style: {
        text: bar.text,
        x: left + width / 2,
        y,
        fill: 'var(--on-bar)',
        fontSize: TEXT,
        align: 'center' as const,
        verticalAlign: 'middle' as const,
      },
    };
    return { type: 'group' as const, children: [rect, words] };
  };
}

function drawWhisker(whisker: Whisker, height: number): Draw {
  return (api) => {
    const [x, y] = point(api, whisker.at, whisker, height);
    const line = (x1: number, y1: number, x2: number, y2: number) => ({
      type: 'line' as const,
      silent: true,
      shape: { x1, y1, x2, y2 },
      style: { stroke: whisker.color, lineWidth: 2, fill: 'none' },
    });
    const children = [];
    if (whisker.low !== null && whisker.high !== null) {
      const [low] = point(api, whisker.low, whisker, height);
      const [high] = point(api, whisker.high, whisker, height);
      children.push(line(low, y, high, y), line(low, y - 4, low, y + 4), line(high, y - 4, high, y + 4));
    }
    const paint = {
      fill: whisker.shape === 'ring' ? 'var(--card)' : whisker.color,
      stroke: whisker.color,
      lineWidth: 2,
    };
    if (whisker.shape === 'diamond') {
      const points = [
        [x - 8, y],
        [x, y - 8],
        [x + 8, y],
        [x, y + 8],
      ];
      children.push({ type: 'polygon' as const, silent: true, shape: { points }, style: paint });
    } else if (whisker.shape !== 'none') {
      children.push({ type: 'circle' as const, silent: true, shape: { cx: x, cy: y, r: 5 }, style: paint });
    }
    return { type: 'group' as const, children };
  };
}

function drawBand(plot: Plot, band: { readonly from: number; readonly to: number }): Draw {
  return (api) => {
    const height = plot.rowHeight;
    const [left, top] = point(api, band.from, { row: 0, offset: -0.5 }, height);
    const [right] = point(api, band.to, { row: 0, offset: 0 }, height);
    return {
      type: 'rect' as const,
      silent: true,
      shape: { x: left, y: top, width: right - left, height: height * plot.labels.length },
      style: { fill: 'var(--band)' },
    };
  };
}

function drawZero(plot: Plot, at: number): Draw {
  return (api) => {
    const [x, top] = point(api, at, { row: 0, offset: -0.5 }, plot.rowHeight);
    return {
      type: 'line' as const,
      silent: true,
      shape: { x1: x, y1: top, x2: x, y2: top + plot.rowHeight * plot.labels.length },
      style: { stroke: 'var(--muted)', lineWidth: 1.5, fill: 'none' },
    };
  };
}

function drawWords(plot: Plot, row: number, left: number): Draw {
  const words = plot.words?.[row];
  return (api) => {
    const [, y] = point(api, plot.min, { row, offset: 0 }, plot.rowHeight);
    return {
      type: 'text' as const,
      silent: true,
      style: {
        text: words?.text ?? '',
        x: left,
        y,
        fill: words?.color ?? 'var(--ink)',
        fontSize: TEXT,
        fontWeight: 600,
        align: 'left' as const,
        verticalAlign: 'middle' as const,
      },
    };
  };
}

function option(plot: Plot, width: number) {
  // On a telephone the words at the right give way: the tables hold them too.
  const isSlim = width === slim;
  const labels = plot.labels.map((label) => shorten(label, isSlim ? 14 : undefined));
  const left = 14 + widthOf(labels, isSlim ? 110 : 220);
  const right =
    plot.words === undefined || isSlim
      ? 24
      : 28 +
        widthOf(
          plot.words.map((each) => each.text),
          170,
        );
  const draws: Draw[] = [
    ...(plot.band === undefined ? [] : [drawBand(plot, plot.band)]),
    ...(plot.zero === undefined ? [] : [drawZero(plot, plot.zero)]),
    ...(plot.bars ?? []).map((bar) => drawBar(bar, plot.rowHeight)),
    ...(plot.whiskers ?? []).map((whisker) => drawWhisker(whisker, plot.rowHeight)),
    ...(isSlim ? [] : (plot.words ?? [])).map((_each, row) => drawWords(plot, row, width - right + 16)),
  ];
  const series: CustomSeriesOption = {
    type: 'custom',
    silent: true,
    clip: false,
    data: draws.map(() => [plot.min, 0]),
    renderItem: (params, api) => draws[params.dataIndex]?.(api),
  };
  return {
    animation: false,
    grid: { left, right, top: HEAD, bottom: FOOT, containLabel: false },
    xAxis: {
      type: 'value' as const,
      min: plot.min,
      max: plot.max,
      interval: plot.interval,
      name: plot.axisName,
      nameLocation: 'middle' as const,
      nameGap: 28,
      nameTextStyle: { color: 'var(--muted)', fontSize: TEXT },
      axisLabel: { color: 'var(--muted)', fontSize: TEXT, formatter: plot.formatTick },
      splitLine: { lineStyle: { color: 'var(--line)' } },
      axisLine: { show: false },
    },
    yAxis: {
      type: 'category' as const,
      inverse: true,
      data: labels,
      axisLabel: { color: 'var(--ink)', fontSize: TEXT, interval: 0 },
      axisTick: { show: false },
      axisLine: { show: false },
    },
    series: [series],
  };
}

/** Two inline SVGs, of which the style sheet shows one. */
export function drawPlot(plot: Plot): string {
  return drawTwice({
    text: plot.text,
    height: HEAD + FOOT + plot.rowHeight * plot.labels.length,
    option: (width) => option(plot, width),
  });
}
