import { formatInstant, instant, parseInstant, type Instant } from "../../pipeline/units.ts";
import type { LonLat } from "../map/view.ts";
import type { Selection } from "../reading/selection.ts";

/** Where one is on the page: all that a link to it must say. */
export interface Address {
  readonly run: string | null;
  /** A second run, beside it. */
  readonly beside: string | null;
  readonly policy: string | null;
  /** `null`: at the head, live. */
  readonly t: Instant | null;
  readonly speed: number;
  /** Seconds; `null`: the whole run. */
  readonly window: number | null;
  readonly selection: Selection | null;
  readonly projection: "map" | "globe";
  readonly centre: LonLat;
  readonly zoom: number;
  readonly area: readonly LonLat[] | null;
}

/** Where one is without a word. */
export const home: Address = {
  run: null,
  beside: null,
  policy: null,
  t: null,
  speed: 60,
  window: 10_800,
  selection: null,
  projection: "map",
  centre: [0, 0],
  zoom: 1,
  area: null,
};

const selectionText = (selection: Selection): string => {
  if (selection.kind === "satellite" || selection.kind === "station" || selection.kind === "order")
    return `${selection.kind}:${selection.name}`;
  if (selection.kind === "acquisition") return `acquisition:${selection.acquisition}`;
  return `detection:${selection.acquisition}.${selection.detection}`;
};

const whole = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;

const readSelection = (text: string | null): Selection | null => {
  const cut = text?.indexOf(":") ?? -1;
  if (text === null || cut < 0) return null;
  const [kind, name] = [text.slice(0, cut), text.slice(cut + 1)];
  if (name === "") return null;
  if (kind === "satellite" || kind === "station" || kind === "order") return { kind, name };
  const [acquisition, detection] = name.split(".").map((part) => whole(part));
  if (acquisition === null || acquisition === undefined) return null;
  if (kind === "acquisition") return { kind, acquisition };
  if (kind === "detection" && typeof detection === "number") return { kind, acquisition, detection };
  return null;
};

const readPlaces = (text: string | null): readonly LonLat[] | null => {
  const places = (text ?? "").split(" ").map((pair) => pair.split(",").map(Number));
  const good = places.every(
    ([lon = NaN, lat = NaN, ...rest]) => rest.length === 0 && Math.abs(lon) <= 180 && Math.abs(lat) <= 90,
  );
  return good ? places.map(([lon = 0, lat = 0]): LonLat => [lon, lat]) : null;
};

const rounded = (value: number): string => String(Math.round(value * 1e4) / 1e4);
const placesText = (places: readonly LonLat[]): string =>
  places.map(([lon, lat]) => `${rounded(lon)},${rounded(lat)}`).join(" ");

const positive = (text: string | null, fallback: number, most: number): number => {
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return value > 0 && value <= most ? value : fallback;
};

/** An address as the query of a link; what is as at home is left out. */
export const formatAddress = (address: Address): string => {
  const query = new URLSearchParams();
  if (address.run !== null) query.set("run", address.run);
  if (address.beside !== null) query.set("beside", address.beside);
  if (address.policy !== null) query.set("policy", address.policy);
  if (address.t !== null) query.set("t", formatInstant(address.t));
  if (address.speed !== home.speed) query.set("speed", String(address.speed));
  if (address.window !== home.window)
    query.set("window", address.window === null ? "all" : String(address.window));
  if (address.selection !== null) query.set("select", selectionText(address.selection));
  if (address.projection !== home.projection) query.set("view", address.projection);
  if (address.centre[0] !== 0 || address.centre[1] !== 0) query.set("centre", placesText([address.centre]));
  if (address.zoom !== 1) query.set("zoom", rounded(address.zoom));
  if (address.area !== null) query.set("area", placesText(address.area));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
};

/** Reads the query of a link. A part that makes no sense is as if it were not there: the rest still leads somewhere. */
export const parseAddress = (search: string): Address => {
  const query = new URLSearchParams(search);
  const t = query.get("t") === null ? null : parseInstant(query.get("t") ?? "");
  const window = query.get("window");
  const centre = query.has("centre") ? readPlaces(query.get("centre")) : null;
  const area = query.has("area") ? readPlaces(query.get("area")) : null;
  return {
    run: query.get("run"),
    beside: query.get("beside"),
    policy: query.get("policy"),
    t: t === null ? null : instant(t),
    speed: positive(query.get("speed"), home.speed, 100_000),
    window: window === "all" ? null : positive(window, home.window ?? 10_800, 1e9),
    selection: readSelection(query.get("select")),
    projection: query.get("view") === "globe" ? "globe" : "map",
    centre: centre?.[0] ?? home.centre,
    zoom: Math.max(1, positive(query.get("zoom"), 1, 40)),
    area: area !== null && area.length >= 3 ? area : null,
  };
};
