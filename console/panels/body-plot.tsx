interface BodyPlotProps {
  readonly values: readonly { readonly t: number; readonly value: number | null }[];
  readonly span: { readonly from: number; readonly to: number };
  readonly shadows: readonly (readonly [from: number, to: number])[];
  readonly low: number;
  readonly high: number;
  readonly limit: number | null;
  readonly limitText: string;
  readonly name: string;
}

const wide = 220;
const tall = 26;

/** A line over three hours with its limit and the shadows; it ends at now. */
export const BodyPlot = ({ values, span, shadows, low, high, limit, limitText, name }: BodyPlotProps) => {
  const x = (t: number): number => ((t - span.from) / (span.to - span.from)) * wide;
  const y = (value: number): number => tall - 1 - ((value - low) / (high - low)) * (tall - 2);
  const points = values.flatMap(({ t, value }) =>
    value === null ? [] : [`${x(t).toFixed(1)},${y(value).toFixed(1)}`],
  );
  const last = values.findLast(({ value }) => value !== null);
  return (
    <svg
      viewBox={`0 0 ${wide} ${tall}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${name} over the last three hours`}
    >
      <rect width={wide} height={tall} class="ground" />
      {shadows
        .filter(([from, to]) => to > span.from && from < span.to)
        .map(([from, to]) => (
          <rect
            key={from}
            class="shade"
            x={x(Math.max(from, span.from))}
            y="0"
            width={x(Math.min(to, span.to)) - x(Math.max(from, span.from))}
            height={tall}
          />
        ))}
      {limit !== null && <line class="limit" x1="0" x2={wide} y1={y(limit)} y2={y(limit)} />}
      <text class="limittext" x="4" y={limit === null ? 16 : y(limit) > 15 ? y(limit) - 3 : y(limit) + 11}>
        {limitText}
      </text>
      <polyline class="curve" points={points.join(" ")} />
      {last !== undefined && last.value !== null && (
        <circle class="end" cx={x(last.t)} cy={y(last.value)} r="2.2" />
      )}
    </svg>
  );
};
