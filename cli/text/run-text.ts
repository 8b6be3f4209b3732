import Table from "cli-table3";
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatJoules,
  formatPercent,
} from "../../pipeline/format.ts";
import {
  accuracyLine,
  delayText,
  hasNothing,
  headline,
  leadingPolicy,
  loadTestWarning,
  type PolicySummary,
  type RunSummary,
  scheduleText,
  productsFraction,
  rawDayBytes,
  sentFraction,
  sharedBenefitText,
  sharedWorkText,
  softwareText,
  spacecraftText,
  subline,
  trainingText,
} from "../../studies/answer.ts";
import { accuracyLines } from "./accuracy-text.ts";
import { orderText } from "./order-text.ts";
import { indented, plain } from "./table.ts";
import { upsetLines } from "./upset-text.ts";
import { verdictLines } from "./verdict-table.ts";

interface Column {
  readonly name: string;
  readonly cell: (policy: PolicySummary) => string;
}

const optional = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? "–" : format(value);

const agreement = ({ agreementWithRaw, policy }: PolicySummary): string => {
  if (agreementWithRaw === null || policy === "raw" || hasNothing(agreementWithRaw)) return "–";
  return agreementWithRaw.identical ? "identical" : formatPercent(agreementWithRaw.rawFoundFraction);
};

/** Of all pictures of which anything was made, arrived or not. */
const delayCell =
  (which: "medianSeconds" | "p90Seconds") =>
  ({ pictureDelays }: PolicySummary): string =>
    pictureDelays.made === 0 ? "–" : delayText(pictureDelays[which]);

const volume: readonly Column[] = [
  { name: "policy", cell: ({ policy }) => policy },
  { name: "on link", cell: ({ bytes }) => formatBytes(bytes.onLink.total) },
  { name: "of raw", cell: (policy) => optional(sentFraction(policy), formatPercent) },
  { name: "delivered", cell: (policy) => optional(productsFraction(policy), formatPercent) },
  { name: "median", cell: delayCell("medianSeconds") },
  { name: "p90", cell: delayCell("p90Seconds") },
  { name: "energy/MP", cell: ({ energyJoules }) => optional(energyJoules?.perMegapixel, formatJoules) },
  { name: "found", cell: ({ detections }) => formatCount(detections.delivered) },
];

const withRaw: Column = { name: "= raw", cell: agreement };

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

/**
 * The policies side by side, one line each; columns that no policy fills are left out. At most 100 columns wide, and without
 * escape sequences unless `colour`.
 */
export const policyTableText = ({ policies }: RunSummary, colour = false): string => {
  const columns = [
    ...volume,
    ...(policies.some(({ agreementWithRaw, policy }) => agreementWithRaw && policy !== "raw")
      ? [withRaw]
      : []),
  ];
  const table = new Table({
    head: columns.map(({ name }) => (colour ? bold(name) : name)),
    colAligns: columns.map((_, i) => (i === 0 ? "left" : "right")),
    ...plain,
  });
  for (const policy of policies) table.push(columns.map(({ cell }) => cell(policy)));
  return table.toString().replace(/ +$/gm, "");
};

/** What the columns of delays are about, and what came last or never. */
export const delayLines = ({ policies }: RunSummary): readonly string[] => [
  "median, p90: from capture until all that is made of a picture is with subscribers, over all pictures",
  ...policies.flatMap(({ policy, pictureDelays: { made, delivered, slowestSeconds } }) => {
    if (made === 0) return [];
    const never = made - delivered;
    const missing =
      never === 0 ? "" : `; ${formatCount(never)} of ${formatCountOf(made, "picture")} never came whole`;
    return slowestSeconds === null
      ? [`${policy}: none of ${formatCountOf(made, "picture")} came whole`]
      : [`${policy}: the slowest picture that came took ${formatDuration(slowestSeconds)}${missing}`];
  }),
];

/** What was lost, left out or sent again, one line each; empty when nothing was. */
export const lossLines = ({ policies }: RunSummary): readonly string[] =>
  policies.flatMap(({ policy, losses }) =>
    losses.map(
      ({ what, reason, count, bytes }) =>
        `${policy}: ${formatCount(count)} ${what}${count === 1 ? "" : "s"} ${reason}, ${formatBytes(bytes)}`,
    ),
  );

/** What satellites computed for each other, and what that bought. */
const offloadLines = ({ policies }: RunSummary): readonly string[] =>
  policies.flatMap(({ policy, crosslinks }) => {
    const offload = crosslinks?.offload;
    if (offload === undefined) return [];
    const bought = sharedBenefitText(offload);
    return [`${policy}: ${sharedWorkText(offload)}`, ...(bought === null ? [] : [`${policy}: ${bought}`])];
  });

/** What the answer rests on: schedule, spacecraft, version, and what was left out. */
const groundLines = ({ schedule, provenance }: RunSummary): readonly string[] => [
  `schedule    ${scheduleText(schedule)}`,
  ...(schedule.camera?.assumed.map((what) => `            assumed: ${what}`) ?? []),
  `spacecraft  ${spacecraftText(provenance.spacecraft)}`,
  `training    ${trainingText(provenance.training)}`,
  ...provenance.assumptions.map((what, n) => `${n === 0 ? "links" : "     "}       ${what}`),
  `swath       ${softwareText(provenance.swath)}`,
];

/** The full day under every policy, one line each; columns as those of the scenes. */
const dayLines = ({ day, noDay }: RunSummary, style: (text: string) => string): readonly string[] => {
  if (day === null) return noDay === null ? [] : [`No full day: ${noDay}.`];
  const table = new Table({
    head: ["policy", "on link", "of raw", "delivered", "half within", "90 % within", "left", "energy"].map(
      style,
    ),
    colAligns: ["left", ...Array.from({ length: 7 }, () => "right" as const)],
    ...plain,
  });
  const baseline = rawDayBytes(day);
  const within = (seconds: number | null): string => (seconds === null ? "later" : formatDuration(seconds));
  for (const { policy, bytes, deliveredFraction, medianSeconds, p90Seconds, energyJoules } of day.policies) {
    table.push([
      policy,
      formatBytes(bytes.onLink),
      optional(baseline, (of) => formatPercent(bytes.onLink / of)),
      optional(deliveredFraction, formatPercent),
      within(medianSeconds),
      within(p90Seconds),
      formatBytes(bytes.backlog),
      formatJoules(energyJoules.total),
    ]);
  }
  return [
    `The full day, ${formatCountOf(day.pictures.count, "picture")}; half and 90 % of all that was made${baseline === null ? "" : `; all of raw, framed, is ${formatBytes(baseline)}`}:`,
    ...indented(table),
    ...day.built.map((line) => `  ${line}`),
    ...day.assumed.map((what) => `  assumed: ${what}`),
  ];
};

/** Headline, table and losses as a command prints them, newline at the end. */
export const summaryText = (summary: RunSummary, colour = false): string => {
  const losses = lossLines(summary);
  const title = colour ? bold(headline(summary)) : headline(summary);
  const notes =
    losses.length === 0 ? [] : ["", "Lost, left out or sent again:", ...losses.map((line) => `  ${line}`)];
  const upsets = upsetLines(summary);
  const radiation = upsets.length === 0 ? [] : ["", "Radiation:", ...upsets.map((line) => `  ${line}`)];
  const accuracy = accuracyLine(summary);
  const scores = accuracyLines(summary);
  const warning = loadTestWarning(summary);
  const style = colour ? bold : (text: string): string => text;
  const lead = leadingPolicy(summary).policy;
  const judged = summary.policies.map(({ policy, verdicts }) => ({
    name: policy,
    verdicts,
    isLeading: policy === lead,
  }));
  const verdicts = verdictLines(judged, "policy", style);
  return [
    ...(warning === null ? [] : [warning]),
    title,
    subline(summary),
    ...(accuracy === null ? [] : [accuracy]),
    "",
    ...verdicts,
    ...(verdicts.length === 0 ? [] : [""]),
    ...dayLines(summary, style),
    "",
    `The ${summary.dataset.scenes === 1 ? "scene" : "scenes"}:`,
    policyTableText(summary, colour),
    ...delayLines(summary),
    ...offloadLines(summary),
    ...(scores.length === 0 ? [] : ["", ...scores]),
    ...orderText(summary, style),
    ...notes,
    ...radiation,
    "",
    "It rests on:",
    ...groundLines(summary).map((line) => `  ${line}`),
    "",
  ].join("\n");
};

/** Prints `summaryText`; bold only on a terminal that has not asked for plain text (NO_COLOR). */
export const printPolicyTable = (summary: RunSummary, out: NodeJS.WriteStream = process.stdout): void => {
  // `hasColors` heeds NO_COLOR and FORCE_COLOR; streams that are no terminal do not have it.
  out.write(summaryText(summary, out.isTTY && out.hasColors()));
};
