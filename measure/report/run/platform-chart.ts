import { formatDuration, formatJoules, formatPercent } from "../../../pipeline/format.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { cellsTable } from "../drawing/cells-table.ts";
import { policyColour } from "../drawing/colours.ts";
import { html, type Markup } from "../drawing/html.ts";
import { timeLabel, timeTicks } from "../drawing/scale.ts";

/** The state of one satellite over the horizon under one policy. */
export interface PlatformTrace {
  readonly policy: string;
  readonly satellite: string;
  /** Mission time, seconds since 1970. */
  readonly at: readonly number[];
  /** 0…1; `null` where power is taken for granted. */
  readonly charge: readonly number[] | null;
  /** Kelvin; `null` where temperature is taken for granted. */
  readonly temperature: readonly number[] | null;
}

const size = { width: 1000, height: 170, left: 52, right: 8, top: 8, bottom: 22 };

interface Axis {
  readonly low: number;
  readonly high: number;
  readonly text: (value: number) => string;
}

const plot = (
  traces: readonly {
    readonly policy: string;
    readonly at: readonly number[];
    readonly values: readonly number[];
  }[],
  { low, high, text }: Axis,
  title: string,
): Markup => {
  const from = Math.min(...traces.map(({ at }) => at[0] ?? 0));
  const to = Math.max(...traces.map(({ at }) => at.at(-1) ?? 0));
  const x = (t: number): number =>
    size.left + ((t - from) / (to - from)) * (size.width - size.left - size.right);
  const y = (value: number): number =>
    size.top + (1 - (value - low) / (high - low)) * (size.height - size.top - size.bottom);
  const line = ({
    at,
    values,
  }: {
    readonly at: readonly number[];
    readonly values: readonly number[];
  }): string => at.map((t, i) => `${x(t).toFixed(1)},${y(values[i] as number).toFixed(1)}`).join(" ");
  return html`<figure class="trace">
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}">
      ${[low, (low + high) / 2, high].map(
        (value) =>
          html`<line
              class="grid"
              x1="${size.left}"
              x2="${size.width - size.right}"
              y1="${y(value)}"
              y2="${y(value)}"
            />
            <text x="${size.left - 6}" y="${y(value) + 4}" text-anchor="end">${text(value)}</text>`,
      )}
      ${timeTicks(from, to, 7).map(
        (t) =>
          html`<text x="${x(t)}" y="${size.height - 4}" text-anchor="middle"
            >${timeLabel(t, to - from)}</text
          >`,
      )}
      ${traces.map(
        (trace) =>
          html`<polyline
            points="${line(trace)}"
            fill="none"
            style="stroke:${policyColour(trace.policy)}${trace.policy === "raw" && ";stroke-dasharray:5 3"}"
            stroke-width="1.5"
          />`,
      )}
    </svg>
  </figure>`;
};

const waitsOf = ({ platform }: PolicySummary): string => {
  if (platform === null) return "–";
  const { battery, heat, throttled } = platform.waits;
  const parts = [
    [battery, "for charge"],
    [heat, "for heat"],
    [throttled, "slowed down"],
  ] as const;
  const said = parts.filter(([time]) => time > 0).map(([time, why]) => `${formatDuration(time)} ${why}`);
  return said.join(", ") || "none";
};

/** Battery and temperature of the satellite that came lowest, and what that cost; `null` when nobody kept either. */
export const platformChart = (
  policies: readonly PolicySummary[],
  all: readonly PlatformTrace[],
  lead: string,
): Markup | null => {
  if (policies.every(({ platform }) => platform === null)) return null;
  // Six lines in four hues cannot be told apart: the leading policy and raw, every policy is in the table.
  const traces = all.filter(({ policy }) => policy === lead || policy === "raw");
  const charges = traces.flatMap(({ charge, ...trace }) =>
    charge === null ? [] : [{ ...trace, values: charge }],
  );
  const heats = traces.flatMap(({ temperature, ...trace }) =>
    temperature === null ? [] : [{ ...trace, values: temperature.map((kelvin) => kelvin - 273.15) }],
  );
  const degrees = heats.flatMap(({ values }) => values);
  const rows = policies.map((policy) => {
    const { platform } = policy;
    const { power } = platform ?? { power: null };
    const cells = [
      power === null ? "–" : formatPercent(power.lowestCharge),
      platform?.highestTemperatureKelvin == null
        ? "–"
        : `${(platform.highestTemperatureKelvin - 273.15).toFixed(0)} °C`,
      waitsOf(policy),
      power === null ? "–" : formatJoules(power.generated),
      power === null ? "–" : formatJoules(power.demanded),
      power === null || power.unmet === 0 ? "none" : formatJoules(power.unmet),
    ];
    return { policy: policy.policy, cells };
  });
  const heads = ["lowest charge", "hottest", "computer waited", "generated", "demanded", "unmet"];
  return html`${cellsTable(heads, rows)}
    ${
      charges.length === 0
        ? null
        : plot(
            charges,
            { low: 0, high: 1, text: formatPercent },
            `State of charge, ${charges[0]?.satellite ?? ""}`,
          )
    }
    ${
      heats.length === 0
        ? null
        : plot(
            heats,
            {
              low: Math.floor(Math.min(...degrees) / 10) * 10,
              high: Math.ceil((Math.max(...degrees) + 1e-9) / 10) * 10,
              text: (value) => `${value.toFixed(0)} °C`,
            },
            `Temperature of the computer, ${heats[0]?.satellite ?? ""}`,
          )
    }
    <p class="note">
      The satellite whose battery came
      lowest${traces.length > 0 && `: ${lead} full${traces.some(({ policy }) => policy === "raw" && policy !== lead) ? ", raw dashed" : ""}`}.
      Below its floor the computer waits; from its limit on, heat slows it down.
    </p>`;
};
