import { html, type Markup } from "./html.ts";

/** Satellites that stand together and share all of their names but the last part: `dove-1-01 … dove-1-18`. */
export interface NamedPlane {
  readonly name: string;
  readonly satellites: readonly string[];
}

/** Most planes that a drawing names. */
const mostPlanes = 60;

/**
 * The planes that names tell of, in the order of the constellation; `null` where they tell of none: names without parts, one plane,
 * planes of one satellite, planes that do not stand together, or too many to draw.
 */
export const planesOf = (satellites: readonly string[]): readonly NamedPlane[] | null => {
  const planes: { readonly name: string; readonly satellites: string[] }[] = [];
  for (const satellite of satellites) {
    const [, name] = /^(.+)[-_ ][^-_ ]+$/.exec(satellite) ?? [];
    if (name === undefined) return null;
    const last = planes.at(-1);
    if (last?.name === name) last.satellites.push(satellite);
    else planes.push({ name, satellites: [satellite] });
  }
  const isTold =
    planes.length >= 2 &&
    planes.length <= mostPlanes &&
    new Set(planes.map(({ name }) => name)).size === planes.length &&
    planes.length * 2 <= satellites.length;
  return isTold ? planes : null;
};

/** Height that a name takes, pixels. */
const lineHeight = 13;

/** Names of planes beside lanes, each plane a given number of pixels high; where planes are lower than a line, those that have room. */
export const planeNames = (
  planes: readonly { readonly name: string; readonly heightPx: number }[],
): Markup => {
  let [top, free] = [0, 0];
  const shown = planes.flatMap(({ name, heightPx }) => {
    const at = top;
    top += heightPx;
    if (at < free) return [];
    free = at + lineHeight;
    return [{ name, at }];
  });
  return html`<span class="plane-names" style="height:${top}px"
    >${shown.map(({ name, at }) => html`<span style="top:${at}px">${name}</span>`)}</span
  >`;
};
