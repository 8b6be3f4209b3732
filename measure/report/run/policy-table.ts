import { leadingPolicy, rawDayBytes } from "../../summary/leading-policy.ts";
import { sentFraction } from "../../summary/run-headline.ts";
import type { DayPolicy } from "../../summary/day-summary.ts";
import type { PolicySummary } from "../../summary/run-summary.ts";
import { policyColour } from "../drawing/colours.ts";
import { bytesText, countWordOf, durationText, joulesText, shareText, typeset } from "../drawing/figures.ts";
import { formatCountOf, formatWithin } from "../../../pipeline/format.ts";
import { html, type Content, type Markup } from "../drawing/html.ts";
import { dayOf } from "./headline.ts";
import type { ReportInput } from "./report-input.ts";

/** A column: a number, and under it its second. */
interface Column<T> {
  readonly head: string;
  readonly second: string;
  readonly cell: (row: T) => readonly [string, string];
  /** Left out on a phone: the sentence under the table says it. */
  readonly isWideOnly?: true;
}

const orDash = (value: number | null | undefined, text: (value: number) => string): string =>
  value === null || value === undefined ? "–" : text(value);

const later = (value: number | null): string => (value === null ? "later" : durationText(value));

const dayColumns = (baseline: number | null): readonly Column<DayPolicy>[] => [
  {
    head: "on the link",
    second: "of raw",
    cell: ({ bytes }) => [bytesText(bytes.onLink), orDash(baseline && bytes.onLink / baseline, shareText)],
  },
  {
    head: "landed",
    second: "left on board",
    cell: ({ deliveredFraction, bytes }) => [orDash(deliveredFraction, shareText), bytesText(bytes.backlog)],
  },
  {
    head: "half within",
    second: typeset("90 % within"),
    cell: ({ medianSeconds, p90Seconds }) => [later(medianSeconds), later(p90Seconds)],
  },
  {
    head: "energy",
    second: "mean",
    cell: ({ energyJoules }) => [
      joulesText(energyJoules.total),
      typeset(`${Math.round(energyJoules.total / 86_400).toLocaleString("en-GB")} W`),
    ],
  },
];

/** The slowest scene of a policy; `null` when one never came. */
const slowest = ({ scenes }: ReportInput, policy: PolicySummary["policy"]): number | null | undefined => {
  const delays = scenes.map(({ delays: all }) => all[policy]);
  if (delays.length === 0 || delays.some((delay) => delay === undefined)) return undefined;
  return delays.some((delay) => delay === null) ? null : Math.max(...(delays as number[]));
};

/** The median over all scenes, those that never came counted as endless. */
const middle = ({ scenes }: ReportInput, policy: PolicySummary["policy"]): number | null | undefined => {
  const delays = scenes.map(({ delays: all }) => all[policy]);
  if (delays.length === 0 || delays.some((delay) => delay === undefined)) return undefined;
  const sorted = delays.map((delay) => delay ?? Infinity).toSorted((a, b) => a - b);
  const value = sorted[Math.ceil(sorted.length / 2) - 1] as number;
  return value === Infinity ? null : value;
};

const neverText = (value: number | null | undefined): string =>
  value === undefined ? "–" : value === null ? "never" : durationText(value);

const sceneColumns = (input: ReportInput): readonly Column<PolicySummary>[] => {
  const columns: Column<PolicySummary>[] = [
    {
      head: "on the link",
      second: "of raw",
      cell: (policy) => [bytesText(policy.bytes.onLink.total), orDash(sentFraction(policy), shareText)],
    },
    {
      head: "half within",
      second: "slowest",
      cell: ({ policy }) => [neverText(middle(input, policy)), neverText(slowest(input, policy))],
    },
    {
      head: "energy",
      second: "a megapixel",
      cell: ({ energyJoules }) => [
        orDash(energyJoules?.total, joulesText),
        orDash(energyJoules?.perMegapixel, (value) => `${joulesText(value)}/MP`),
      ],
    },
  ];
  const { policies } = input.summary;
  if (policies.some(({ quality }) => quality !== null)) {
    columns.push(
      {
        head: "found",
        second: "false",
        cell: ({ quality }) => [
          orDash(quality?.counts.truePositives, (n) => n.toLocaleString("en-GB")),
          orDash(quality?.counts.falsePositives, (n) => n.toLocaleString("en-GB")),
        ],
      },
      {
        head: "AP50 from the threshold on",
        second: "recall",
        cell: ({ quality }) =>
          quality === null
            ? ["–", "–"]
            : [
                formatWithin(quality.ap50FromThreshold, quality.intervals.ap50FromThreshold),
                formatWithin(quality.recall, quality.intervals.recall),
              ],
      },
    );
  } else {
    columns.push({
      head: "detections",
      second: "on the ground",
      cell: ({ detections }) => [detections.delivered.toLocaleString("en-GB"), ""],
    });
  }
  if (policies.some(({ agreementWithRaw, policy }) => agreementWithRaw && policy !== "raw")) {
    columns.push({
      head: "as raw",
      second: "detections",
      isWideOnly: true,
      cell: ({ policy, agreementWithRaw }) => {
        if (policy === "raw") return ["–", "yardstick"];
        if (agreementWithRaw === null) return ["–", ""];
        const { identical, rawFoundFraction, matched, ofRaw } = agreementWithRaw;
        return [identical ? "identical" : shareText(rawFoundFraction), `${matched} of ${ofRaw}`];
      },
    });
  }
  return columns;
};

const cellsOf = <T>(columns: readonly Column<T>[], row: T | null): Content =>
  columns.map(({ cell, isWideOnly }) => {
    if (row === null) return html`<td>–</td>`;
    const [first, second] = cell(row);
    return html`<td class="${isWideOnly && "wide-only"}">
      ${first}${second !== "" && html`<small>${second}</small>`}
    </td>`;
  });

/** One of the two groups of columns, as a table of its own: side by side on a page, one under the other on a phone. */
const group = <T>(
  caption: string,
  columns: readonly Column<T>[],
  rows: readonly {
    readonly policy: PolicySummary["policy"];
    readonly row: T | null;
    readonly isLead: boolean;
  }[],
): Markup =>
  html`<table class="policies">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">policy</th>
        ${columns.map(({ head, second, isWideOnly }) => html`<th scope="col" class="${isWideOnly && "wide-only"}">${head}<small>${second}</small></th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ policy, row, isLead }) =>
          html`<tr class="${isLead && "lead-row"}">
            <th scope="row">
              <span class="swatch" style="background:${policyColour(policy)}"></span>${policy}<small
                >&#8203;</small
              >
            </th>
            ${cellsOf(columns, row)}
          </tr>`,
      )}
    </tbody>
  </table>`;

/** Which policies give the very detections of raw, in a sentence. */
const asRaw = ({ summary: { policies } }: ReportInput): string => {
  const compared = policies.filter(
    ({ policy, agreementWithRaw }) => policy !== "raw" && agreementWithRaw !== null,
  );
  const [first] = compared;
  if (first === undefined) return "";
  const differ = compared.filter(({ agreementWithRaw }) => agreementWithRaw?.identical !== true);
  const count = first.agreementWithRaw?.ofRaw ?? 0;
  if (differ.length === 0)
    return `All give the same ${formatCountOf(count, "detection")} as raw, bit for bit.`;
  return `All but ${differ.map(({ policy }) => policy).join(", ")} give the same ${formatCountOf(count, "detection")} as raw.`;
};

/** The policies side by side: the full day, where one was flown, and the scenes; each cell a number and its second. */
export const policyTable = (input: ReportInput): Markup => {
  const { summary } = input;
  const lead = leadingPolicy(summary);
  const baseline = summary.day && rawDayBytes(summary.day);
  const day =
    summary.day &&
    group(
      "the full day",
      dayColumns(baseline),
      summary.policies.map((policy) => ({
        policy: policy.policy,
        row: dayOf(summary, policy.policy),
        isLead: policy === lead,
      })),
    );
  const scenes = group(
    `${countWordOf(input.scenes.length || summary.dataset.scenes, "scene")}, pixel by pixel`,
    sceneColumns(input),
    summary.policies.map((policy) => ({ policy: policy.policy, row: policy, isLead: policy === lead })),
  );
  const labels = lead.quality?.labels;
  return html`<div class="groups${day !== null && " both"}">${day}${scenes}</div>
    <p class="note">
      ${typeset(
        `Of raw: of the lossless imagery, framed${baseline === null ? ":" : `, ${bytesText(baseline)} and`} ${bytesText(lead.bytes.rawLosslessFramed)}. Half within: of all that was made, landed or not.`,
      )}
      ${labels !== undefined && `Found: of ${formatCountOf(labels, "label")}, at a score of ${summary.model.scoreThreshold} or more.`}
      ${day !== null && "Later: not that day."} ${asRaw(input)}
    </p>`;
};
