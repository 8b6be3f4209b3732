import type { AskPlan } from "../../pipeline/mission/ask-plan.ts";
import { linkProtections } from "../../pipeline/link/frames/link-protection.ts";
import { evictionRules } from "../../pipeline/mission/spacecraft.ts";
import { protections } from "../../pipeline/mission/upset-plan.ts";
import { parseOutage, parseWhole } from "../../pipeline/quantity.ts";
import { instant, seconds } from "../../pipeline/units.ts";
import {
  asIs,
  choice,
  duration,
  flag,
  list,
  moment,
  number,
  optional,
  optionalChoice,
  size,
  valued,
  whole,
} from "./option.ts";
import { orderWords, parseOrder } from "./send-order.ts";
import { parseScores } from "./tile-requests.ts";
import { parseFactor } from "./upsets.ts";

/** The longest horizon, hours: four months, beyond which no orbit is worth propagating. */
export const longestHours = 24 * 120;

/** What `--constellation` and `--stations` take; `swath presets` lists the names. */
export const constellationWords =
  "walker:N[/P/F][@KMkm[,DEGdeg]], a name (swath presets), or a file of TLE or OMM (JSON, CSV, KVN, XML), with a filter: FILE:FLOCK,!DEB";

/** How stations are named, for help and error messages. */
export const stationWords =
  "builtin, another network (swath presets), a GeoJSON file, some of either (ksat:5, ksat:Svalbard,Troll), or several, comma-separated";

const hours = number(0.01, longestHours);

/** Who flies where, and who listens. */
export const orbitOptions = {
  constellation: valued("<spec>", constellationWords, "three-body", asIs),
  spacecraft: optional(
    "<spec>",
    "a preset or a YAML file (default: the constellation's, or cubesat-6u)",
    asIs,
  ),
  stations: valued("<spec>", stationWords, "ksat", asIs),
  start: optional("<time>", "start of the horizon (default: the newest epoch of the orbits)", moment),
  hours: valued("<hours>", "length of the horizon", "24", (text, name) => seconds(3600 * hours(text, name))),
} as const;

/** Who takes pictures: in tables beside the schedule. */
export const imagersOption = {
  imagers: optional(
    "<n>",
    "the first n satellites alone take pictures; the others compute, carry and send (default: all take them)",
    whole(1, 1e6),
  ),
} as const;

/** The link down, and between satellites. */
export const linkOptions = {
  // Read once the spacecraft is known, whose radio `budget` may mean.
  rate: optional(
    "<rate>",
    "downlink rate: 8Mbit/s, by elevation 5:2Mbit/s,20:8Mbit/s, or by link budget budget:link.yaml (default: the spacecraft's radio)",
    asIs,
  ),
  crosslinks: choice(
    "<topology>",
    "links between satellites: none, all pairs, or a grid of neighbours",
    ["none", "all", "grid"],
    "none",
  ),
  epoch: valued(
    "<duration>",
    "with crosslinks, satellites exchange products once in this time",
    "60s",
    duration,
  ),
  // Read once the spacecraft is known, whose terminals it speaks of.
  "crosslink-rate": optional(
    "<rate>",
    "links between satellites: 10Gbit/s at any length, or by their length from an optical budget: budget (25 Gbit/s at 4,000 km), optical:laser.yaml (default: the spacecraft's)",
    asIs,
  ),
  "lock-share": optional(
    "<share>",
    "share of tries of terminals to find each other that succeed (default: the spacecraft's)",
    number(0.01, 1),
  ),
  offload: optionalChoice(
    "<rule>",
    "with crosslinks, who computes tiles that wait: whoever has most charge left, whoever is done first, or each its own (default: none)",
    ["energy", "latency", "none"],
  ),
  "link-security": optionalChoice(
    "<protection>",
    "of frames down and up: auth (nobody alters or invents one), encrypt (nobody reads one either), or none; 22 bytes a frame (default: auth with --keys, else none)",
    linkProtections,
  ),
  ber: valued("<rate>", "channel bit error rate", "0", number(0, 0.1)),
  "segment-loss": valued("<share>", "share of link segments that never arrive", "0", number(0, 0.95)),
  // Kept as text: outages may count from a start that is known later.
  outage: list(
    "<station:from/to>",
    "a station that hears nothing for a while, e.g. Svalbard:1h/3h; may be given more than once",
    (text) => parseOutage(text, instant(0)),
  ),
} as const;

/** The store on board. */
export const storeOptions = {
  store: optional("<size>", "ceiling of the onboard store (default: the spacecraft's)", size),
  evict: optionalChoice(
    "<rule>",
    "what a full store gives up first (default: the spacecraft's, or lowest-priority)",
    evictionRules,
  ),
  order: optional(
    "<order>",
    `what is sent first: ${orderWords} (default: the spacecraft's, or strict)`,
    parseOrder,
  ),
} as const;

/** Which tiles the ground requests. */
export const requestOptions = {
  ask: optionalChoice(
    "<rule>",
    "tiles that the ground asks for once it has a scene's detections: where they are uncertain, wherever there are any, or none (default: none)",
    ["none", "uncertain", "all"],
  ),
  "ask-scores": optional<Pick<AskPlan, "from" | "to">>(
    "<low/high>",
    "which scores are uncertain (default: 0/0.6)",
    parseScores,
  ),
  "ask-tiles": optional("<n>", "at most this many tiles of a scene (default: 4)", (text, name) =>
    parseWhole(name, text, 1, 1e6),
  ),
} as const;

/** What satellites are ordered to do. */
export const orderOptions = {
  commanded: flag("takes orders of swath command --run while it is at work (needs --nats)"),
  orders: optional(
    "<file>",
    "orders that go up with the mission: YAML, docs/orders.md (default: none)",
    asIs,
  ),
} as const;

/** What particles do to memories. */
export const upsetOptions = {
  upsets: optional(
    "<factor>",
    "bits that particles turn over on board, times the real rate: 1x, 100x (default: none)",
    parseFactor,
  ),
  protection: optionalChoice("<kind>", "what is done against upsets (default: none)", protections),
  scrub: optional(
    "<duration>",
    "how long weights are used without a look at their checksum, and memory with ECC goes without a pass (default: 10min)",
    duration,
  ),
} as const;

/** The seed of everything random in a run. */
export const seedOption = {
  seed: valued("<number>", "seed of everything random", "1", whole(0, 2 ** 32 - 1)),
} as const;
