/** A few prices as a line: the shape of the last hour, nothing to read numbers from. */

const WIDTH = 64;
const HEIGHT = 18;

export function Sparkline({ values }: { readonly values: readonly number[] }) {
  if (values.length < 2) return <svg width={WIDTH} height={HEIGHT} aria-hidden="true" />;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const points = values.map(
    (value, index) =>
      `${((index / (values.length - 1)) * WIDTH).toFixed(1)},${(HEIGHT - 1 - ((value - low) / span) * (HEIGHT - 2)).toFixed(1)}`,
  );
  const rose = values.at(-1)! >= values[0]!;
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      <polyline points={points.join(' ')} fill="none" stroke={rose ? 'var(--buy)' : 'var(--sell)'} strokeWidth="1.25" />
    </svg>
  );
}
