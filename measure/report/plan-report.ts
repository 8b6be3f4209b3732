import { formatCountOf } from "../../pipeline/format.ts";
import type { Degrees, Instant, Metres, Seconds } from "../../pipeline/units.ts";
import { formatInstant } from "../../pipeline/units.ts";
import { contactLanes, longestGap, type LaneContact } from "./drawing/contact-lanes.ts";
import { csvLink, type CsvTable } from "./drawing/csv.ts";
import {
  bytesText,
  countWordOf,
  distanceText,
  durationText,
  momentText,
  typeset,
} from "./drawing/figures.ts";
import { html, type Content, type Markup } from "./drawing/html.ts";
import { renderPage } from "./drawing/page.ts";
import { withoutFoldersIn } from "./drawing/paths.ts";
import { stationHours } from "./drawing/station-hours.ts";
import { worldMap, type GroundTrack, type MapStation } from "./drawing/world-map.ts";

/** A scene that is to be seen, and who sees it first. */
export interface PlanTarget {
  readonly scene: string;
  readonly place: { readonly longitude: Degrees; readonly latitude: Degrees };
  readonly satellite: string;
  readonly at: Instant;
  readonly sun: Degrees;
  readonly offTrack: Metres;
  /** The station that hears the satellite next. */
  readonly heard: { readonly station: string; readonly after: Seconds } | null;
}

/** A contact, and what it can carry; `null` where no rate was asked for. */
export interface PlanContact extends LaneContact {
  readonly capacityBytes: number | null;
}

/** Everything that the page of a plan shows. */
export interface PlanReportInput {
  /** As asked for. */
  readonly constellation: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly satellites: readonly string[];
  readonly stations: readonly MapStation[];
  readonly contacts: readonly PlanContact[];
  /** The rate model in words; `null`: nobody asked what contacts can carry. */
  readonly link: string | null;
  /** `null`: no dataset was named. */
  readonly targets: {
    readonly dataset: string;
    readonly seen: readonly PlanTarget[];
    readonly unseen: readonly { readonly scene: string; readonly reason: string }[];
    readonly assumed: readonly string[];
  } | null;
  /** The pass of each target; of a plan without targets, one orbit of the first satellite. */
  readonly tracks: readonly GroundTrack[];
  readonly software: string;
  readonly command: string;
}

const hours = ({ from, to }: PlanReportInput): string =>
  typeset(`${Number(((to - from) / 3600).toFixed(1)).toLocaleString("en-GB")} h`);

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Heard while the satellite is over the scene, or soon after. */
const atOnce = 10;

const headlineOf = (input: PlanReportInput): string => {
  const { targets, satellites, stations, contacts } = input;
  if (targets === null)
    return `${capital(countWordOf(stations.length, "station"))} ${stations.length === 1 ? "hears" : "hear"} ${countWordOf(satellites.length, "satellite")} in ${formatCountOf(contacts.length, "contact")} within ${hours(input)}.`;
  const all = targets.seen.length + targets.unseen.length;
  if (targets.seen.length === 0)
    return `None of ${formatCountOf(all, "scene")} is seen within ${hours(input)}.`;
  const last = targets.seen.at(-1)?.at ?? input.to;
  const delays = targets.seen.flatMap(({ heard }) => heard?.after ?? []).toSorted((a, b) => a - b);
  const middle = delays[Math.ceil(targets.seen.length / 2) - 1];
  const seen =
    targets.seen.length === all
      ? all === 1
        ? "The one scene is"
        : `All ${countWordOf(all, "scene")} are`
      : `${targets.seen.length} of ${formatCountOf(all, "scene")} ${targets.seen.length === 1 ? "is" : "are"}`;
  return `${seen} seen within ${durationText(last - input.from)}; half can be heard ${middle === undefined ? "at no station" : middle < 1 ? "at once" : `within ${durationText(middle)}`}.`;
};

const names = ({ stations }: PlanReportInput): ReadonlyMap<string, string> =>
  new Map(stations.map(({ id, name }) => [id, name]));

const targetTable = (input: PlanReportInput): Content => {
  const { targets } = input;
  if (targets === null)
    return html`<p class="note">
      No scenes were named: <code>--targets DATASET</code> plans who sees them.
    </p>`;
  const called = names(input);
  return html`<table class="saw stack">
      <thead>
        <tr>
          <th scope="col" class="text">scene</th>
          <th scope="col" class="text">seen, UTC</th>
          <th scope="col" class="text">by</th>
          <th scope="col">Sun</th>
          <th scope="col">off track</th>
          <th scope="col" class="text">heard by<small>after</small></th>
        </tr>
      </thead>
      <tbody>
        ${targets.seen.map(
          ({ scene, satellite, at, sun, offTrack, heard }, i) =>
            html`<tr>
              <th scope="row" class="text">${i + 1} ${scene}</th>
              <td class="text" data-head="seen">${momentText(at)}</td>
              <td class="text" data-head="by">${satellite}</td>
              <td data-head="Sun">${Math.round(sun)}°</td>
              <td data-head="off track">${distanceText(offTrack)}</td>
              <td class="text" data-head="heard by">
                ${heard === null ? "nobody within the plan" : html`${called.get(heard.station) ?? heard.station}<small>${heard.after < 1 ? "at once" : `after ${durationText(heard.after)}`}</small>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="note">
      ${
        targets.unseen.length === 0
          ? "No scene is left out."
          : html`Not seen:
            ${targets.unseen.map(({ scene, reason }, i) => html`${i > 0 && "; "}${scene} (${reason})`)}.`
      }
      ${targets.assumed.length > 0 && `Taken for granted: ${targets.assumed.join(", ")}.`}
    </p>`;
};

const map = (input: PlanReportInput): Markup => {
  const { targets, stations, tracks } = input;
  const scenes = (targets?.seen ?? []).map(({ scene, place, heard }, i) => ({
    ...place,
    name: `${i + 1} ${scene}`,
    short: String(i + 1),
    state:
      heard === null ? ("never" as const) : heard.after <= atOnce ? ("landed" as const) : ("later" as const),
    station: heard?.station ?? null,
  }));
  const finding = `Map: ${formatCountOf(stations.length, "station")}, ${formatCountOf(scenes.length, "scene")}, ${formatCountOf(tracks.length, "pass", "passes")}`;
  return html`${worldMap({ finding, scenes, stations, tracks })}
    <p class="note">
      Squares: stations.
      ${scenes.length > 0 ? "Discs: scenes heard at once, rings: later. Thin lines: the pass, six minutes each way." : "Thin line: one orbit of the first satellite."}
    </p>`;
};

const contactPart = (input: PlanReportInput): Markup => {
  const { from, to, satellites, contacts, targets, stations } = input;
  const marks = (targets?.seen ?? []).map(({ scene, satellite, at }) => ({ satellite, at, name: scene }));
  const heard = new Set((targets?.seen ?? []).flatMap(({ heard: by }) => by?.station ?? []));
  return html`<div class="two-up wide-left">
    <div>
      <h3>
        ${capital(countWordOf(satellites.length, "satellite"))}, ${hours(input)}:
        ${formatCountOf(contacts.length, "contact")}
      </h3>
      ${contactLanes({ from, to, satellites, contacts, marks })}
    </div>
    <div>
      <h3>Stations, hours of contact</h3>
      ${stationHours(stations, contacts, heard)}
    </div>
  </div>`;
};

/** A satellite's share of the plan. */
interface Share {
  readonly satellite: string;
  readonly contacts: number;
  readonly seconds: number;
  readonly gap: number;
  readonly capacity: number | null;
}

const sharesOf = ({ satellites, contacts, from, to }: PlanReportInput): readonly Share[] => {
  const own = new Map<string, PlanContact[]>(satellites.map((name) => [name, []]));
  for (const contact of contacts) own.get(contact.satellite)?.push(contact);
  return [...own].map(([satellite, all]) => ({
    satellite,
    contacts: all.length,
    seconds: all.reduce((sum, { aos, los }) => sum + los - aos, 0),
    gap: longestGap(all, from, to),
    capacity: all.some(({ capacityBytes }) => capacityBytes === null)
      ? null
      : all.reduce((sum, { capacityBytes }) => sum + (capacityBytes ?? 0), 0),
  }));
};

/** Satellites that still make a table; of more, those with the longest gaps. */
const mostRows = 40;

const shareTable = (input: PlanReportInput): Markup => {
  const all = sharesOf(input);
  const shown = all.length <= mostRows ? all : all.toSorted((a, b) => b.gap - a.gap).slice(0, 12);
  const capacity = input.link !== null;
  return html`<table class="wordy">
      <thead>
        <tr>
          <th scope="col">satellite</th>
          <th scope="col">contacts</th>
          <th scope="col">in all</th>
          <th scope="col">longest gap</th>
          ${capacity && html`<th scope="col">can carry</th>`}
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (one) =>
            html`<tr>
              <th scope="row">${one.satellite}</th>
              <td>${one.contacts.toLocaleString("en-GB")}</td>
              <td>${durationText(one.seconds)}</td>
              <td>${durationText(one.gap)}</td>
              ${capacity && html`<td>${one.capacity === null ? "–" : bytesText(one.capacity)}</td>`}
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="note">
      ${shown.length < all.length && `The twelve with the longest gaps; ${all.length - shown.length} more, listed in satellites.csv.`}
      ${capacity ? typeset(`Link: ${input.link}.`) : html`What contacts can carry was not asked for: <code>--rate</code>.`}
    </p>`;
};

const tables = (input: PlanReportInput): readonly CsvTable[] => [
  {
    file: "satellites.csv",
    heads: ["satellite", "contacts", "contact_s", "longest_gap_s", "capacity_bytes"],
    rows: sharesOf(input).map(({ satellite, contacts, seconds, gap, capacity }) => [
      satellite,
      contacts,
      seconds,
      gap,
      capacity,
    ]),
  },
  ...(input.targets === null
    ? []
    : [
        {
          file: "targets.csv",
          heads: [
            "scene",
            "longitude_deg",
            "latitude_deg",
            "seen_utc",
            "satellite",
            "sun_deg",
            "off_track_m",
            "station",
            "heard_after_s",
          ],
          rows: input.targets.seen.map(({ scene, place, at, satellite, sun, offTrack, heard }) => [
            scene,
            place.longitude,
            place.latitude,
            formatInstant(at),
            satellite,
            sun,
            offTrack,
            heard?.station ?? null,
            heard?.after ?? null,
          ]),
        },
      ]),
];

/** The page of a plan: who sees what when, and which station hears it; contacts, gaps and capacity. One file that loads nothing. */
export const renderPlanReport = (given: PlanReportInput): string => {
  const input = withoutFoldersIn(given);
  const title = headlineOf(input);
  const { targets } = input;
  return renderPage({
    title,
    about: [
      `plan of ${input.constellation}${targets === null ? "" : ` over ${targets.dataset}`}`,
      `${formatInstant(input.from).slice(0, 16).replace("T", " ")} UTC, ${hours(input)}`,
    ],
    header: html`<h1>${title}</h1>
      <p class="sub">
        ${capital(countWordOf(input.satellites.length, "satellite"))},
        ${countWordOf(input.stations.length, "station")}; planned from orbits and positions, no bytes were
        sent.
      </p>`,
    sections: [
      {
        id: "saw",
        title: targets === null ? "Stations and orbits" : "Who sees what, when, and who hears it",
        body: html`${map(input)}${targetTable(input)}`,
      },
      { id: "contacts", title: "Contacts", body: contactPart(input) },
      { id: "capacity", title: "What each satellite gets", body: shareTable(input) },
      {
        id: "again",
        title: "Run it again, and files",
        body: html`<pre>${input.command}</pre>
          <p>${tables(input).map((table) => html`${csvLink(table)} `)}</p>
          <p class="note">
            Tables kept inside this page. Every contact: <code>--out plan.csv</code>, .geojson, .kml, .czml or
            .oem.
          </p>`,
      },
    ],
    foot: `made by Swath ${input.software} · this page is one file and loads nothing`,
  });
};
