/** Lines over a value axis, with shaded stretches behind them. Drawn as the other charts are: to SVG, in two widths. */
import { type CustomSeriesOption, CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { drawTwice } from './draw-svg.ts';
import type { ChartText } from './svg.ts';

echarts.use([CustomChart, GridComponent, SVGRenderer]);

export interface Line {
  /** Each stretch is drawn on its own: a line breaks where nothing was measured. */
  readonly stretches: readonly (readonly (readonly [x: number, y: number])[])[];
  readonly color: string;
  /** Of dashes and gaps, px: lines are told apart without colours too. */
  readonly dash: readonly number[];
  /** Marked with a ring. */
  readonly marks: readonly (readonly [x: number, y: number])[];
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface LinePlot {
  readonly text: Omit<ChartText, 'className'>;
  readonly lines: readonly Line[];
  readonly stretches: readonly Stretch[];
  readonly xMax: number;
  readonly xInterval: number;
  readonly xName: string;
  readonly yMax: number;
  readonly yInterval: number;
  readonly formatTick: (value: number) => string;
}

type Render = NonNullable<CustomSeriesOption['renderItem']>;
type Api = Parameters<Render>[1];
type Item = ReturnType<Render>;
type Draw = (api: Api) => Item;

const HEIGHT = 260;
const HEAD = 24;
const FOOT = 46;
const TEXT = 12.5;

function at(api: Api, x: number, y: number): [number, number] {
  const [left = 0, top = 0] = api.coord([x, y]);
  return [left, top];
}

function drawStretch(plot: LinePlot, { from, to, text }: Stretch): Draw {
  return (api) => {
    const [left, top] = at(api, from, plot.yMax);
    const [right, bottom] = at(api, to, 0);
    const shade = {
      type: 'rect' as const,
      silent: true,
      shape: { x: left, y: top, width: Math.max(1, right - left), height: bottom - top },
      // The lines of the grid stay visible through it.
      style: { fill: 'var(--band)', opacity: 0.7 },
    };
    if (right - left < 8 * text.length) return shade;
    const words = {
      type: 'text' as const,
      silent: true,
      style: {
        text,
        x: (left + right) / 2,
        y: top - 4,
        fill: 'var(--muted)',
        fontSize: TEXT,
        align: 'center' as const,
        verticalAlign: 'bottom' as const,
      },
    };
    return { type: 'group' as const, children: [shade, words] };
  };
}

function drawLine(line: Line): Draw {
  return (api) => {
    const paths = line.stretches
      .filter((points) => points.length > 1)
      .map((points) => ({
        type: 'polyline' as const,
        silent: true,
        shape: { points: points.map(([x, y]) => at(api, x, y)) },
        style: {
          stroke: line.color,
          lineWidth: 2,
          fill: 'none',
          ...(line.dash.length > 0 ? { lineDash: [...line.dash] } : {}),
        },
      }));
    const rings = line.marks.map(([x, y]) => {
      const [cx, cy] = at(api, x, y);
      return {
        type: 'circle' as const,
        silent: true,
        shape: { cx, cy, r: 4 },
        style: { fill: 'var(--card)', stroke: line.color, lineWidth: 2 },
      };
    });
    return { type: 'group' as const, children: [...paths, ...rings] };
  };
}

function option(plot: LinePlot) {
  const draws: Draw[] = [
    ...plot.stretches.map((stretch) => drawStretch(plot, stretch)),
    ...plot.lines.map(drawLine),
  ];
  const series: CustomSeriesOption = {
    type: 'custom',
    silent: true,
    clip: false,
    data: draws.map(() => [0, 0]),
    renderItem: (params, api) => draws[params.dataIndex]?.(api),
  };
  const axisTick = { lineStyle: { color: 'var(--line)' } };
  const axisLabel = { color: 'var(--muted)', fontSize: TEXT };
  return {
    animation: false,
    grid: { left: 74, right: 20, top: HEAD, bottom: FOOT, containLabel: false },
    xAxis: {
      type: 'value' as const,
      min: 0,
      max: plot.xMax,
      interval: plot.xInterval,
      name: plot.xName,
      nameLocation: 'middle' as const,
      nameGap: 28,
      nameTextStyle: axisLabel,
      axisTick,
      axisLabel: { ...axisLabel, showMaxLabel: plot.xMax % plot.xInterval === 0 },
      splitLine: { show: false },
      axisLine: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: 0,
      max: plot.yMax,
      interval: plot.yInterval,
      axisTick,
      axisLabel: { ...axisLabel, formatter: plot.formatTick },
      splitLine: { lineStyle: { color: 'var(--line)' } },
      axisLine: { show: false },
    },
    series: [series],
  };
}

/** Two inline SVGs, of which the style sheet shows one. */
export function drawLines(plot: LinePlot): string {
  return drawTwice({ text: plot.text, height: HEIGHT, option: () => option(plot) });
}
