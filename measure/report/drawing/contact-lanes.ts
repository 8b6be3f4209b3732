import { formatCountOf } from "../../../pipeline/format.ts";
import type { Instant } from "../../../pipeline/units.ts";
import { countWord, durationText } from "./figures.ts";
import { planeNames, planesOf } from "./planes.ts";
import { html, type Markup, percent } from "./html.ts";
import { timeLabel, timeTicks } from "./scale.ts";

/** A stretch of time in which a station listens to a satellite. */
export interface LaneContact {
  readonly satellite: string;
  readonly station: string;
  readonly aos: Instant;
  readonly los: Instant;
}

/** A moment on a satellite's lane: a picture. */
export interface LaneMark {
  readonly satellite: string;
  readonly at: Instant;
  readonly name: string;
}

/** What lanes are drawn from. */
export interface LanesInput {
  readonly from: Instant;
  readonly to: Instant;
  /** In the order of the constellation: planes stand together. */
  readonly satellites: readonly string[];
  readonly contacts: readonly LaneContact[];
  readonly marks: readonly LaneMark[];
}

/** Lanes with names up to here; thin lanes up to there; above, lanes of several satellites each. */
const [mostNamed, mostThin, mostShared] = [40, 400, 60] as const;

/** Units of a lane's drawing across; stretched to the width that there is. */
const across = 1000;

/** Longest time without a contact, ends of the horizon included. */
export const longestGap = (contacts: readonly LaneContact[], from: Instant, to: Instant): number => {
  let [gap, end] = [0, from as number];
  for (const { aos, los } of contacts.toSorted((a, b) => a.aos - b.aos)) {
    gap = Math.max(gap, aos - end);
    end = Math.max(end, los);
  }
  return Math.max(gap, to - end);
};

/** What all names begin with, up to a break in the name, so that lanes can leave it out. */
const sharedStart = (names: readonly string[]): string => {
  const [first = "", ...others] = names;
  if (others.length === 0) return "";
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length++;
  const cut = first.slice(0, length).search(/[-_ ][^-_ ]*$/);
  return cut < 0 ? "" : first.slice(0, cut + 1);
};

const bars = (contacts: readonly LaneContact[], { from, to }: LanesInput, middle: number): string => {
  const at = (time: number): number => Math.round(((time - from) / (to - from)) * across * 100) / 100;
  return contacts
    .map(
      ({ aos, los }) =>
        `M${at(Math.max(aos, from))} ${middle}H${Math.max(at(Math.min(los, to)), at(aos) + 0.6)}`,
    )
    .join("");
};

const axis = ({ from, to }: LanesInput): Markup => {
  const ticks = timeTicks(from, to, 6);
  return html`<div class="at axisline" aria-hidden="true">
    ${ticks.map((t) => {
      const share = (t - from) / (to - from);
      const edge = share < 0.04 ? "edge" : share > 0.96 ? "last" : "";
      const text =
        t % 86_400 === 0
          ? new Date(t * 1000).toUTCString().slice(5, 11).replace(/^0/, "")
          : timeLabel(t, 3600 * 24);
      return html`<span class="${edge}" style="left:${percent(share)}">${text}</span>`;
    })}
  </div>`;
};

const namedLane = (name: string, shown: string, input: LanesInput, own: readonly LaneContact[]): Markup => {
  const { from, to, marks } = input;
  const gap = durationText(longestGap(own, from, to));
  const pictures = marks.filter(({ satellite }) => satellite === name);
  const seen = pictures.length === 0 ? "" : `, ${pictures.length} scene${pictures.length === 1 ? "" : "s"}`;
  return html`<div class="row lane">
    <span class="name" title="${name}">${shown}</span
    ><svg
      role="img"
      aria-label="${name}: ${formatCountOf(own.length, "contact")}, longest gap ${gap}${seen}"
      width="100%"
      height="17"
    >
      <svg viewBox="0 0 ${across} 17" preserveAspectRatio="none" width="100%" height="17">
        <path d="${bars(own, input, 8.5)}" style="stroke:var(--plan);stroke-width:11" fill="none" />
      </svg>
      ${pictures.map(
        ({ at, name: scene }) =>
          html`<svg x="${percent((at - from) / (to - from))}" y="2" overflow="visible">
            <path d="M0 2l5 9h-10z" style="fill:var(--detections);stroke:var(--panel);stroke-width:1">
              <title>${scene}</title>
            </path>
          </svg>`,
      )}
    </svg>
    <span class="value">${own.length === 0 ? "none" : gap}</span>
  </div>`;
};

/** The first and the last of them, where names tell of no planes. */
const ends = (satellites: readonly string[]): Markup =>
  html`<span class="name" style="align-self:start"
    >${satellites[0]}<small>to ${satellites.at(-1)}</small></span
  >`;

/** All satellites in one drawing, three pixels each, the longest gap as a bar at the end. */
const thinLanes = (
  input: LanesInput,
  byName: ReadonlyMap<string, readonly LaneContact[]>,
  foot: Markup,
): Markup => {
  const { satellites, from, to, marks } = input;
  const step = 3;
  const height = satellites.length * step;
  const lane = new Map(satellites.map((name, i) => [name, i]));
  const gaps = satellites.map((name) => longestGap(byName.get(name) ?? [], from, to));
  const most = Math.max(...gaps);
  const worst = satellites[gaps.indexOf(most)] ?? "";
  const path = satellites.map((name, i) => bars(byName.get(name) ?? [], input, i * step + 1)).join("");
  const words = `${formatCountOf(satellites.length, "satellite")}, ${formatCountOf(input.contacts.length, "contact")}; longest gap ${durationText(most)} (${worst})`;
  const planes = planesOf(satellites);
  return html`<div class="row lane thin">
      ${
        planes === null
          ? ends(satellites)
          : planeNames(planes.map(({ name, satellites: own }) => ({ name, heightPx: own.length * step })))
      }<svg role="img" aria-label="${words}" width="100%" height="${height}">
        <svg viewBox="0 0 ${across} ${height}" preserveAspectRatio="none" width="100%" height="${height}">
          <path d="${path}" style="stroke:var(--plan);stroke-width:2" fill="none" />
        </svg>
        ${marks.flatMap(({ satellite, at, name }) => {
          const row = lane.get(satellite);
          if (row === undefined) return [];
          return [
            html`<circle
              cx="${percent((at - from) / (to - from))}"
              cy="${row * step + 1}"
              r="3.5"
              style="fill:var(--detections)"
              ><title>${name}</title></circle
            >`,
          ];
        })}
      </svg>
      <svg aria-hidden="true" width="100%" height="${height}">
        ${gaps.map(
          (gap, i) =>
            html`<rect
              x="0"
              y="${i * step}"
              width="${percent(gap / most)}"
              height="2"
              style="fill:var(--past)"
            />`,
        )}
      </svg>
    </div>
    ${foot}
    <p class="note">
      A line of three pixels is one satellite, in the order of the
      constellation${planes !== null && `, ${formatCountOf(planes.length, "plane")} by name`}. Bars on the
      right: longest gap, 0 to ${durationText(most)} (${worst}).
    </p>`;
};

/** Rows of a plane, or of several satellites, each shaded by how many of them are in contact. */
const sharedLanes = (
  input: LanesInput,
  byName: ReadonlyMap<string, readonly LaneContact[]>,
  foot: Markup,
): Markup => {
  const { satellites, from, to } = input;
  const each = Math.ceil(satellites.length / mostShared);
  const planes = planesOf(satellites);
  const groups =
    planes?.map(({ satellites: own }) => own) ??
    Array.from({ length: Math.ceil(satellites.length / each) }, (_, i) =>
      satellites.slice(i * each, (i + 1) * each),
    );
  const [bins, shades] = [240, 5] as const;
  const shares = groups.map((names) => {
    const busy = new Float64Array(bins);
    for (const { aos, los } of names.flatMap((name) => byName.get(name) ?? [])) {
      const [first, last] = [aos, los].map((time) => ((time - from) / (to - from)) * bins) as [
        number,
        number,
      ];
      for (let bin = Math.max(0, Math.floor(first)); bin < Math.min(bins, last); bin++)
        busy[bin] = (busy[bin] as number) + Math.min(bin + 1, last) - Math.max(bin, first);
    }
    return busy.map((sum) => sum / names.length);
  });
  const most = Math.max(1e-9, ...shares.flatMap((row) => [...row]));
  const step = planes === null ? 7 : 13;
  const paths = Array.from({ length: shades }, (_, shade) =>
    shares
      .flatMap((row, i) =>
        [...row].flatMap((share, bin) =>
          share > 0 && Math.min(shades - 1, Math.floor((share / most) * shades)) === shade
            ? [`M${bin} ${i * step + step / 2}h1`]
            : [],
        ),
      )
      .join(""),
  );
  const height = groups.length * step;
  const row = planes === null ? formatCountOf(each, "satellite") : "a plane";
  return html`<div class="row lane thin">
      ${planes === null ? ends(satellites) : planeNames(planes.map(({ name }) => ({ name, heightPx: step })))}<svg
        role="img"
        aria-label="${formatCountOf(satellites.length, "satellite")}, ${row} a row, shaded by how many are in contact"
        viewBox="0 0 ${bins} ${height}"
        preserveAspectRatio="none"
        width="100%"
        height="${height}"
      >
        ${paths.map(
          (path, shade) =>
            html`<path
              d="${path}"
              style="stroke:var(--ink2);stroke-width:${step - 1};opacity:${(shade + 1) / shades}"
              fill="none"
            />`,
        )}</svg
      ><span></span>
    </div>
    ${foot}
    <p class="note">
      A row is ${row}, in the order of the constellation; the darkest shade is
      ${planes === null ? `${countWord(Math.round(most * each))} of them` : `${Math.round(most * 100)} % of its satellites`}
      in contact at once.
    </p>`;
};

/**
 * Time across, satellites down: named lanes up to 40, lanes of three pixels up to 400, above rows of several shaded by
 * how many are in contact. Pictures are triangles or dots.
 */
export const contactLanes = (input: LanesInput): Markup => {
  const { satellites, from, to } = input;
  const byName = new Map<string, LaneContact[]>();
  for (const contact of input.contacts) {
    const own = byName.get(contact.satellite);
    if (own === undefined) byName.set(contact.satellite, [contact]);
    else own.push(contact);
  }
  const foot = html`<div class="row lane${satellites.length > mostNamed && " thin"} head">
    <span></span>${axis(input)}<span></span>
  </div>`;
  if (satellites.length > mostThin) return html`<div class="lanes">${sharedLanes(input, byName, foot)}</div>`;
  if (satellites.length > mostNamed) return html`<div class="lanes">${thinLanes(input, byName, foot)}</div>`;
  const start = sharedStart(satellites);
  const gaps = satellites.map((name) => ({ name, gap: longestGap(byName.get(name) ?? [], from, to) }));
  const [worst] = gaps.toSorted((a, b) => b.gap - a.gap);
  const widest = Math.max(...satellites.map((name) => name.length - start.length));
  return html`<div class="lanes" style="--name:${Math.min(112, 12 + 7 * widest)}px">
      <div class="row lane head" aria-hidden="true">
        <span></span><span></span><span class="value">longest gap</span>
      </div>
      ${satellites.map((name) => namedLane(name, name.slice(start.length), input, byName.get(name) ?? []))}
      ${foot}
    </div>
    <p class="note">
      Grey: a station
      listens.${input.marks.length > 0 && " ▲ a scene."}${
        satellites.length > 1 && worst !== undefined && ` ${worst.name.slice(start.length)} waits longest.`
      }${start !== "" && ` Names leave out ${start.replace(/[-_ ]$/, "")}.`}
    </p>`;
};
