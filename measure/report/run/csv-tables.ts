import { formatInstant } from "../../../pipeline/units.ts";
import { sentFraction } from "../../summary/run-headline.ts";
import type { CsvTable } from "../drawing/csv.ts";
import { dayOf } from "./headline.ts";
import type { ReportInput } from "./report-input.ts";

const policiesTable = ({ summary }: ReportInput): CsvTable => ({
  file: "policies.csv",
  heads: [
    "policy",
    "link_bytes",
    "of_raw",
    "delivered_acquisitions",
    "captured_acquisitions",
    "median_s",
    "p90_s",
    "energy_j",
    "energy_j_per_mp",
    "detections",
    "found",
    "missed",
    "false_alarms",
    "ap50_from_threshold",
    "raw_found",
    "day_link_bytes",
    "day_landed",
    "day_median_s",
    "day_p90_s",
    "day_backlog_bytes",
    "day_energy_j",
  ],
  rows: summary.policies.map((policy) => {
    const day = dayOf(summary, policy.policy);
    const { quality } = policy;
    return [
      policy.policy,
      policy.bytes.onLink.total,
      sentFraction(policy),
      policy.acquisitions.delivered,
      policy.acquisitions.captured,
      policy.latencySeconds?.median ?? null,
      policy.latencySeconds?.p90 ?? null,
      policy.energyJoules?.total ?? null,
      policy.energyJoules?.perMegapixel ?? null,
      policy.detections.delivered,
      quality?.counts.truePositives ?? null,
      quality?.counts.falseNegatives ?? null,
      quality?.counts.falsePositives ?? null,
      quality?.ap50FromThreshold ?? null,
      policy.agreementWithRaw?.rawFoundFraction ?? null,
      day?.bytes.onLink ?? null,
      day?.deliveredFraction ?? null,
      day?.medianSeconds ?? null,
      day?.p90Seconds ?? null,
      day?.bytes.backlog ?? null,
      day?.energyJoules.total ?? null,
    ];
  }),
});

const verdictsTable = ({ summary }: ReportInput): CsvTable => ({
  file: "verdicts.csv",
  heads: [
    "policy",
    "limit_of",
    "verdict",
    "value",
    "limit",
    "unit",
    "margin",
    "satellite",
    "limited_by",
    "reason",
  ],
  rows: summary.policies.flatMap(({ policy, verdicts }) =>
    verdicts.limits.map((one) => [
      policy,
      one.subject,
      one.verdict,
      one.value,
      one.limit,
      one.unit,
      one.margin,
      one.satellite,
      one.limitedBy,
      one.reason,
    ]),
  ),
});

const scenesTable = ({ summary, scenes }: ReportInput): CsvTable => {
  const policies = summary.policies.map(({ policy }) => policy);
  return {
    file: "scenes.csv",
    heads: [
      "scene",
      "longitude_deg",
      "latitude_deg",
      "taken_utc",
      "satellite",
      "sun_deg",
      "off_track_m",
      "trained_on",
      "station",
      ...policies.map((policy) => `${policy}_s`),
      "detections",
      "found",
      "missed",
      "false_alarms",
    ],
    rows: scenes.map((scene) => [
      scene.scene,
      scene.place?.longitude ?? null,
      scene.place?.latitude ?? null,
      formatInstant(scene.takenAt),
      scene.satellite,
      scene.sun,
      scene.offTrack,
      scene.trainedOn === null ? null : String(scene.trainedOn),
      scene.station,
      ...policies.map((policy) => scene.delays[policy] ?? null),
      scene.detections,
      scene.marks?.found ?? null,
      scene.marks?.missed ?? null,
      scene.marks?.falseAlarms ?? null,
    ]),
  };
};

/** More contacts than this would make a page that nobody can send; `swath plan` writes them as a file. */
const mostContacts = 6000;

const contactsTable = ({ summary, contacts }: ReportInput): CsvTable => {
  const policies = summary.policies.map(({ policy }) => policy);
  return {
    file: "contacts.csv",
    heads: ["satellite", "station", "aos_utc", "los_utc", ...policies.map((policy) => `${policy}_bytes`)],
    rows: contacts
      .slice(0, mostContacts)
      .map(({ satellite, station, aos, los, bytesByPolicy }) => [
        satellite,
        station,
        formatInstant(aos),
        formatInstant(los),
        ...policies.map((policy) => bytesByPolicy[policy] ?? 0),
      ]),
  };
};

/** The tables of the page, for whoever reckons on: kept inside it. */
export const csvTables = (input: ReportInput): readonly CsvTable[] => [
  policiesTable(input),
  verdictsTable(input),
  ...(input.scenes.length > 0 ? [scenesTable(input)] : []),
  ...(input.contacts.length > 0 ? [contactsTable(input)] : []),
];

/** What the contacts' table leaves out, or `null`. */
export const contactsLeftOut = ({ contacts }: ReportInput): string | null =>
  contacts.length > mostContacts
    ? `contacts.csv holds the first ${mostContacts} of ${contacts.length}; swath plan --out contacts.csv writes all`
    : null;
