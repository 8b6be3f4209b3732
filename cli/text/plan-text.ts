import Table from "cli-table3";
import { formatBytes, formatCountOf, formatDuration, formatSi } from "../../pipeline/format.ts";
import { contactRecord } from "../../studies/plan-export.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import type { Horizon } from "../../pipeline/orbit/horizon.ts";
import { formatInstant, type Degrees, type Seconds } from "../../pipeline/units.ts";
import { describeRate } from "../../pipeline/link/rate/link-rate-text.ts";
import type { Planned } from "../../studies/plan.ts";

/** Plain text, so that a pipe gets what the terminal shows; no lines between rows. */
const tableStyle = {
  style: { head: [], border: [] },
  chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
};

/** `5°`; `3 … 12°` where the ground stands higher in some directions. */
const maskText = (minElevation: Degrees, horizon: Horizon | undefined): string => {
  if (horizon === undefined) return `${minElevation}°`;
  const heights = horizon.map(({ elevation }) => Math.max(minElevation, elevation));
  return `${Math.min(...heights)} … ${Math.max(...heights)}°`;
};

const capacityOf = (links: NonNullable<Planned["links"]>, contacts: readonly Contact[]): number =>
  contacts.reduce((sum, { id }) => sum + (links.of.get(id)?.capacity ?? 0), 0);

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const shareText = ({ least, median, most, worst }: Planned["shares"]): string =>
  `contact of a satellite: ${formatHours(least)} at least (${worst}), ${formatHours(median)} in the median, ${formatHours(most)} at most`;

const formatHours = (span: Seconds): string => `${(span / 3600).toFixed(2)} h`;

/** Scenes printed at most. */
const mostTargets = 20;

/** Who sees each scene first and who hears it; what nobody sees, with the reason. */
const printTargets = ({ seen, unseen, assumed }: NonNullable<Planned["targets"]>): void => {
  const table = new Table({
    ...tableStyle,
    head: ["scene", "seen", "by", "Sun", "off track", "heard by", "after"],
  });
  for (const { scene, at, satellite, sun, offTrack, heard } of seen.slice(0, mostTargets)) {
    table.push([
      scene,
      formatInstant(at),
      satellite,
      `${Math.round(sun)}°`,
      `${Math.round(offTrack / 1000)} km`,
      heard?.station ?? "nobody",
      heard === null ? "–" : formatDuration(heard.after),
    ]);
  }
  console.log(table.toString());
  if (seen.length > mostTargets) console.log(`… and ${seen.length - mostTargets} more: --map plan.html`);
  for (const { scene, reason } of unseen) console.log(`not seen: ${scene}: ${reason}`);
  if (assumed.length > 0) console.log(`assumed: ${assumed.join(", ")}`);
};

/** The plan for people: totals, stations, the first contacts. */
export const printPlan = ({ satellites, stations, plan, shares, links, targets, between }: Planned): void => {
  const { from, to, contacts } = plan;
  const served = new Set(contacts.map(({ satellite }) => satellite)).size;
  console.log(
    `${formatCountOf(contacts.length, "contact")}, ${formatInstant(from)} … ${formatInstant(to)}; ` +
      `${served} of ${formatCountOf(satellites.length, "satellite")} served by ${formatCountOf(stations.length, "station")}`,
  );
  console.log(shareText(shares));
  if (links !== null) {
    console.log(`${formatBytes(capacityOf(links, contacts))} can come down`);
    console.log(`link: ${describeRate(links.rate)}`);
  }

  if (between !== null) {
    const { links: found } = between.plan;
    const locked = found.filter((link) => link.to > link.from).length;
    console.log(
      `${formatCountOf(found.length, "link")} between satellites at ${formatSi(between.rate, "bit/s")}; ${locked} of them lock`,
    );
  }
  if (targets !== null) printTargets(targets);

  const byStation = new Table({
    ...tableStyle,
    head: [
      "station",
      "mask",
      "antennas",
      "contacts",
      "hours",
      "antennas busy",
      ...(links === null ? [] : ["capacity"]),
    ],
  });
  for (const { id, minElevation, horizon, antennas } of stations) {
    const own = contacts.filter(({ station }) => station === id);
    const busy = own.reduce((sum, { aos, los }) => sum + (los - aos), 0);
    byStation.push([
      id,
      maskText(minElevation, horizon),
      antennas,
      own.length,
      (busy / 3600).toFixed(2),
      percent(busy / ((to - from) * Math.max(1, antennas))),
      ...(links === null ? [] : [formatBytes(capacityOf(links, own))]),
    ]);
  }
  console.log(byStation.toString());

  const shown = 12;
  const first = new Table({
    ...tableStyle,
    head: [
      "contact",
      "antenna",
      "AOS",
      "LOS",
      "seconds",
      "highest",
      "nearest",
      ...(links === null ? [] : ["median rate (least … most)", "capacity"]),
    ],
  });
  for (const contact of contacts.slice(0, shown)) {
    const record = contactRecord(contact);
    const link = links?.of.get(contact.id);
    first.push([
      record.contact,
      record.antenna,
      record.aos_utc,
      record.los_utc,
      record.duration_s.toFixed(0),
      `${record.max_elevation_deg.toFixed(1)}°`,
      `${record.min_range_km.toFixed(0)} km`,
      ...(link === undefined
        ? []
        : [
            `${formatSi(link.median, "bit/s")} (${formatSi(link.least, "")} … ${formatSi(link.most, "")})`,
            formatBytes(link.capacity),
          ]),
    ]);
  }
  console.log(first.toString());
  if (contacts.length > shown) console.log(`… and ${contacts.length - shown} more: --out contacts.csv`);
};
