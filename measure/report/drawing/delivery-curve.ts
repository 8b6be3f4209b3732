import { textColour } from "./colours.ts";
import { durationText } from "./figures.ts";
import { html, percent, point, type Markup } from "./html.ts";

/** One line: the share of all that was made that had landed so long after its picture. */
export interface DeliveryLine {
  /** Stands at the end of the line; lines that lie on each other share one. */
  readonly name: string;
  readonly colour: string;
  /** Ascending in both; shares are of all that was made. */
  readonly points: readonly { readonly seconds: number; readonly fraction: number }[];
  /** When half of all had landed; `null`: never. */
  readonly medianSeconds: number | null;
  readonly dashed?: boolean;
  /** Its median stands beside its mark. */
  readonly isNamed: boolean;
}

const ticks = [0.01, 0.1, 1, 10, 60, 600, 3600, 21_600, 86_400, 259_200, 864_000];

const tickName = (tick: number): string =>
  durationText(tick)
    .replace(/\s0\d\s\w+$/, "")
    .replace(/\s00\s\w+$/, "");

const shareAt = ({ points }: DeliveryLine, seconds: number): number =>
  points.findLast((one) => one.seconds <= seconds)?.fraction ?? 0;

/** Lines that are nearly the same everywhere become one with both names. */
const together = (lines: readonly DeliveryLine[]): readonly DeliveryLine[] => {
  const kept: DeliveryLine[] = [];
  for (const line of lines) {
    const same = kept.findIndex(
      (one) =>
        one.colour === line.colour &&
        [0.25, 0.5, 0.75, 1].every((part) => {
          const { seconds = 0, fraction = 0 } = one.points[Math.round(part * (one.points.length - 1))] ?? {};
          return Math.abs(shareAt(line, seconds * 1.05) - fraction) < 0.03;
        }),
    );
    const before = kept[same];
    if (before === undefined) kept.push(line);
    else
      kept[same] = {
        ...before,
        name: `${before.name}, ${line.name}`,
        isNamed: before.isNamed || line.isNamed,
      };
  }
  return kept;
};

/** Names at the ends of lines, moved apart where they would lie on each other; heights in per cent. */
const apart = (heights: readonly number[], least: number): readonly number[] => {
  const order = heights.map((height, i) => ({ height, i })).toSorted((a, b) => a.height - b.height);
  const placed: number[] = [];
  let last = -Infinity;
  for (const { height, i } of order) {
    last = Math.max(height, last + least);
    placed[i] = last;
  }
  const over = Math.max(0, last - 100);
  return placed.map((height) => height - over);
};

/** How far below the end of its line a name stands, px: under it at the top, over it at the bottom, and evenly between, so that none passes another. */
const nameShift = (height: number): number => 14 - 0.26 * height;

/** Share landed against the time since the picture, logarithmic: delivered, median, ninth tenth and backlog in one line each. */
export const deliveryCurve = (lines: readonly DeliveryLine[], finding: string): Markup | null => {
  const drawn = together(lines.filter(({ points }) => points.length > 1));
  const times = drawn.flatMap(({ points }) => points.map(({ seconds }) => seconds)).filter((t) => t > 0);
  if (times.length === 0) return null;
  const low = Math.log10(ticks.findLast((tick) => tick <= Math.max(0.01, Math.min(...times))) ?? 0.01);
  const high = Math.log10(Math.max(...times, 10 ** low * 10));
  const x = (seconds: number): number =>
    Math.max(0, Math.min(1, (Math.log10(Math.max(seconds, 10 ** low)) - low) / (high - low)));
  const path = ({ points }: DeliveryLine): string =>
    points
      .map(
        ({ seconds, fraction }, i) =>
          `${i === 0 ? "M" : "L"}${point(x(seconds) * 1000)} ${point((1 - fraction) * 1000)}`,
      )
      .join("");
  const tickShown = ticks.filter((tick) => Math.log10(tick) >= low - 1e-9 && Math.log10(tick) <= high + 1e-9);
  const named = drawn.flatMap(({ medianSeconds, isNamed }) => (isNamed ? (medianSeconds ?? []) : []));
  /** The earlier median is named on its left, above the line; the later one on its right, below it. */
  const left = (seconds: number): boolean => named.length > 1 && seconds === Math.min(...named);
  const ends = apart(
    drawn.map(({ points }) => (1 - (points.at(-1)?.fraction ?? 0)) * 100),
    7,
  );
  return html`<div class="plotbox">
    <svg role="img" aria-label="${finding}">
      <title>${finding}</title>
      ${[0, 0.25, 0.5, 0.75, 1].map(
        (share) =>
          html`<line class="grid" x1="0" x2="100%" y1="${percent(1 - share)}" y2="${percent(1 - share)}" />`,
      )}
      <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%" overflow="visible">
        ${drawn.map(
          (line) =>
            html`<path
              class="curve"
              d="${path(line)}"
              style="stroke:${line.colour}${line.dashed === true && ";stroke-dasharray:6 4"}"
            />`,
        )}
      </svg>
      ${drawn.map(
        ({ medianSeconds, colour }) =>
          medianSeconds !== null &&
          html`<line
              class="mark"
              x1="${percent(x(medianSeconds))}"
              x2="${percent(x(medianSeconds))}"
              y1="50%"
              y2="100%"
            /><circle class="dot" cx="${percent(x(medianSeconds))}" cy="50%" r="5" style="fill:${colour}" />`,
      )}
    </svg>
    ${[0, 0.25, 0.5, 0.75, 1].map(
      (share) =>
        html`<span class="tick y" style="top:${percent(1 - share)}"
          >${share * 100}${share === 1 && "\u202f%"}</span
        >`,
    )}
    ${tickShown.map((tick) => html`<span class="tick x" style="left:${percent(x(tick))}">${tickName(tick)}</span>`)}
    ${drawn.map(
      ({ medianSeconds, colour, isNamed }) =>
        medianSeconds !== null &&
        isNamed &&
        html`<span
          class="named${left(medianSeconds) && " left"}"
          style="left:calc(${percent(x(medianSeconds))} ${left(medianSeconds) ? "- 9px" : "+ 9px"});top:${left(medianSeconds) ? 45 : 56}%;color:${textColour(colour)}"
          >${durationText(medianSeconds)}</span
        >`,
    )}
    ${drawn.map(({ name, colour, points }, i) => {
      const end = points.at(-1) ?? { seconds: 1, fraction: 0 };
      const at = x(end.seconds);
      const inside = at > 0.55;
      const height = ends[i] ?? 0;
      return html`<span
        class="named${inside && " left"}"
        style="left:calc(${percent(at)} ${inside ? "- 4px" : "+ 6px"});top:calc(${point(height)}% + ${point(nameShift(height))}px);color:${textColour(colour)}"
        >${name}</span
      >`;
    })}
  </div>`;
};
