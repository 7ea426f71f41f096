/** Scales, axes and marks of a chart as SVG text; colours come from the page's style sheet, by class. */

export interface Scale {
  /** Pixels of a value. */
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const FRAME: Frame = { width: 1000, height: 420, left: 84, right: 40, top: 16, bottom: 52 };

export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const pixel = (value: number): string => value.toFixed(1);

/** From 0 to a round number above `highest`, with about five steps. */
export function linearScale(highest: number, from: number, to: number, label: (value: number) => string): Scale {
  const rough = Math.max(highest, 1e-9) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const steps = Math.max(1, Math.ceil(highest / step - 1e-9));
  const at = (value: number) => from + (value / (steps * step)) * (to - from);
  const values = Array.from({ length: steps + 1 }, (_, i) => i * step);
  return { at, ticks: values.map((value) => ({ value, label: label(value) })) };
}

/** Whole powers of ten around both values; values below the lowest are drawn there. */
export function logScale(
  lowest: number,
  highest: number,
  from: number,
  to: number,
  label: (value: number) => string,
): Scale {
  const first = Math.floor(Math.log10(lowest));
  const last = Math.max(first + 1, Math.ceil(Math.log10(highest) - 1e-9));
  const at = (value: number) =>
    from + ((Math.log10(Math.max(value, 10 ** first)) - first) / (last - first)) * (to - from);
  const values = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  return { at, ticks: values.map((value) => ({ value, label: label(value) })) };
}

/** Grid lines, tick labels, and what the axes show, with its unit. */
export function axes(frame: Frame, x: Scale, y: Scale, xTitle: string, yTitle: string): string {
  const { width, height, left, right, top, bottom } = frame;
  const floor = height - bottom;
  const rows = y.ticks.map(({ value, label }) => {
    const at = pixel(y.at(value));
    return `<line class="grid" x1="${left}" x2="${width - right}" y1="${at}" y2="${at}"/><text class="tick" x="${left - 8}" y="${at}" dy="0.32em" text-anchor="end">${escapeText(label)}</text>`;
  });
  const columns = x.ticks.map(({ value, label }) => {
    const at = pixel(x.at(value));
    return `<line class="mark" x1="${at}" x2="${at}" y1="${floor}" y2="${floor + 4}"/><text class="tick" x="${at}" y="${floor + 18}" text-anchor="middle">${escapeText(label)}</text>`;
  });
  const middle = pixel((left + width - right) / 2);
  const center = pixel((top + floor) / 2);
  return [
    ...rows,
    ...columns,
    `<line class="axis" x1="${left}" x2="${width - right}" y1="${floor}" y2="${floor}"/>`,
    `<text class="title" x="${middle}" y="${height - 10}" text-anchor="middle">${escapeText(xTitle)}</text>`,
    `<text class="title" transform="translate(14 ${center}) rotate(-90)" text-anchor="middle">${escapeText(yTitle)}</text>`,
  ].join('');
}

export type Point = readonly [x: number, y: number];

/** @param points in pixels */
export function line(points: readonly Point[], className: string): string {
  const path = points.map(([x, y]) => `${pixel(x)},${pixel(y)}`).join(' ');
  return `<polyline class="${className}" points="${path}"/>`;
}

/** Dots that tell their value to whoever points at them. */
export const dots = (points: readonly (readonly [...Point, title: string])[], className: string): string =>
  points
    .map(
      ([x, y, title]) =>
        `<circle class="${className}" cx="${pixel(x)}" cy="${pixel(y)}" r="4"><title>${escapeText(title)}</title></circle>`,
    )
    .join('');

/** A horizontal line with its meaning written above its right end. */
export function level(frame: Frame, y: number, text: string): string {
  const end = frame.width - frame.right;
  return `<line class="bound" x1="${frame.left}" x2="${end}" y1="${pixel(y)}" y2="${pixel(y)}"/><text class="note" x="${end - 4}" y="${pixel(y - 5)}" text-anchor="end">${escapeText(text)}</text>`;
}

/** @param description read out instead of the picture */
export const svg = ({ width, height }: Frame, description: string, content: string): string =>
  `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(description)}">${content}</svg>`;
