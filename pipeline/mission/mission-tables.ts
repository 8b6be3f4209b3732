import type { Row, Table } from "../column-file.ts";
import { planTables } from "./plan-tables.ts";

/*
 * What a run writes down for people who watch it: the tables of the mission record (`swath-mission/1`, docs/formats.md).
 * `mission-head.ts` has the head, which says where they lie.
 *
 * Times are seconds from the start of the horizon. Rows of a table stand in the order of their first column, the moment from
 * which they hold; what a row says of later moments (`to_s`, `ready_s`, `at_centre_s` …) must not be shown before these.
 * So the record as it was at time t is that part of the complete record whose rows do not begin after t.
 *
 * Satellites, stations and kinds of products are places in the lists of the head; contacts, scenes and acquisitions rows of
 * the plan; products rows of the policy's own table `products`, counted over all its parts. NaN: not known, or there is none.
 */

/** What happens on board and on the way down, policy by policy. */
export const eventTables = {
  /** The camera takes a scene. It may wait for the computer from here on. */
  captures: {
    at_s: "f64",
    acquisition: "u32",
    satellite: "u16",
    samples: "f64",
    sensor_bytes: "f64",
    tiles: "u32",
    /** Why it could not be read; empty when it could. */
    failure: "text",
  },
  /** The computer works on an acquisition. */
  computes: {
    at_s: "f64",
    /** It is done; facts below hold from here on. */
    to_s: "f64",
    acquisition: "u32",
    satellite: "u16",
    /** Tiles that the model saw on board, and those left out: empty, cloudy, lost to radiation. */
    model_tiles: "u32",
    empty_tiles: "u32",
    cloudy_tiles: "u32",
    lost_tiles: "u32",
    /** Found on board; 0 where the ground detects. */
    detections: "u32",
    /** Sensor bytes of the tiles left out. */
    dropped_bytes: "f64",
    /** Products that it made, and their envelopes. */
    products: "u32",
    product_bytes: "f64",
    /** All tiles encoded without loss, in their envelopes: what the saving is measured against; NaN where nobody measured it. */
    lossless_bytes: "f64",
    /** At full speed. */
    work_s: "f32",
  },
  /** The computer had work and stood still. */
  waits: { at_s: "f64", to_s: "f64", satellite: "u16", /** `battery` or `heat`. */ reason: "text" },
  /** A product is ready in the store of the satellite that made it. */
  products: {
    at_s: "f64",
    satellite: "u16",
    /** Place in the head's `kinds`. */
    kind: "u8",
    acquisition: "u32",
    /** −1 for what belongs to the whole acquisition. */
    tile: "i32",
    /** Of the envelope. */
    bytes: "f64",
    /** What it was held to be worth on board. */
    value: "f32",
    /** When the ground's request for it was heard on board; NaN for what the policy sends without one. */
    asked_s: "f64",
  },
  /** A way over crosslinks was found for a product: it waits for `handover_s`, when `to` has it. */
  routes: {
    at_s: "f64",
    product: "u32",
    from: "u16",
    to: "u16",
    handover_s: "f64",
    /** Where it is to come down from there, and when, by the plan. */
    station: "u16",
    landing_s: "f64",
  },
  /** A crosslink carries a product. */
  hops: { at_s: "f64", to_s: "f64", product: "u32", from: "u16", to: "u16", bytes: "f64" },
  /** A product changes satellites: `to` goes on with it. */
  handovers: { at_s: "f64", product: "u32", from: "u16", to: "u16", bytes: "f64" },
  /** A satellite sends to a station, and then asks what was missed. */
  turns: {
    /** The first bit leaves, and the last has left. */
    at_s: "f64",
    to_s: "f64",
    contact: "u32",
    satellite: "u16",
    station: "u16",
    frames: "u32",
    /** Of these, what the station reported missing; all of them where it heard nothing. */
    lost_frames: "u32",
    /** 1: the station answered. */
    heard: "u8",
    /** On the link, framing included; of it what was sent again. */
    bytes: "f64",
    resent_bytes: "f64",
  },
  /** What a turn carried, by kind of product: one row each. Bytes of envelopes, first sent or again. */
  sends: {
    at_s: "f64",
    to_s: "f64",
    contact: "u32",
    satellite: "u16",
    station: "u16",
    kind: "u8",
    bytes: "f64",
  },
  /** A product is whole on the ground. */
  landings: {
    /** The last bit of it is at the station. */
    at_s: "f64",
    product: "u32",
    satellite: "u16",
    station: "u16",
    first_sent_s: "f64",
    /** All of it is at the mission centre. */
    at_centre_s: "f64",
  },
  /** The image of a detection is on the ground: `<policy>/chips/<scene>/<acquisition>-<detection>.webp`. */
  chips: {
    at_s: "f64",
    acquisition: "u32",
    /** `index` of the detection. */
    detection: "u32",
    x_px: "u32",
    y_px: "u32",
    width_px: "u32",
    height_px: "u32",
    bytes: "u32",
  },
  /** The ground's request for a tile is heard on board. */
  requests: {
    at_s: "f64",
    acquisition: "u32",
    tile: "u32",
    satellite: "u16",
    /** `made`, `gone` or `unreadable`. */
    answer: "text",
  },
  /** What will never come down. */
  losses: {
    at_s: "f64",
    satellite: "u16",
    /** `store-full`, `capture-given-up`, `unreadable`, `radiation`. */
    reason: "text",
    acquisition: "u32",
    /** Row of `products`; −1 for what is none. */
    product: "i32",
    bytes: "f64",
  },
  /** What becomes of an order on board. Absent in a mission without orders. */
  order_states: {
    at_s: "f64",
    satellite: "u16",
    /** Its id. */
    order: "text",
    /** `heard`: all of it is on board. `accepted`, `refused`, `done`: as the satellite says. `told`: the ground has the latest of these. */
    state: "text",
    /** Of `refused`: field, wanted, got. */
    why: "text",
  },
  /** A model is at work from here on. Absent in a mission whose models stay as they were launched. */
  models: {
    at_s: "f64",
    satellite: "u16",
    model: "text",
    /** SHA-256 of its files. */
    digest: "text",
    /** `launched`, `installed`, `promoted`, `activated`, `rolled back`. */
    why: "text",
    /** The order that brought it; empty for none. */
    order: "text",
  },
  /** Work on board is paid for, or was not taken since a budget did not hold it. Absent in a mission without tenants. */
  payments: {
    at_s: "f64",
    satellite: "u16",
    acquisition: "u32",
    tenant: "text",
    /** In the head's currency, as the satellite charges it: with the frames that the products will fill. */
    charged: "f64",
    /** What had been held for it. */
    reserved: "f64",
    /** 1: it was not done for this tenant. */
    refused: "u8",
  },
} as const;

/** Tables that older records and missions without such things lack: without rows, a record does not name them. */
export const sparseTables: ReadonlySet<string> = new Set(["order_states", "models", "payments"]);

/** What subscribers get, policy by policy. */
export const detectionTables = {
  /** All that came of an acquisition can be had by subscribers; `detections` says which when. */
  publications: { at_s: "f64", acquisition: "u32", detections: "u32" },
  detections: {
    /** Published. */
    at_s: "f64",
    acquisition: "u32",
    /** Counts from 0 in its acquisition. */
    index: "u32",
    /** The product that brought it. */
    product: "u32",
    /** Place in the head's `classes`. */
    class: "u16",
    score: "f32",
    /** Of the centre of the box; NaN without a place. */
    longitude_deg: "f64",
    latitude_deg: "f64",
    /** In pixels of the scene; its size in metres: times the scene's `pixel_width_m`, `pixel_height_m`. */
    x0_px: "f32",
    y0_px: "f32",
    x1_px: "f32",
    y1_px: "f32",
  },
} as const;

/**
 * Battery and computer, each full minute of mission time from the start of the horizon on. Row `minute × satellites + satellite`, counted from
 * the part's own `from_s`. Absent where the spacecraft takes power and heat for granted.
 */
export const bodyTables = {
  body: {
    /** State of charge in 65535ths; 65535 where power is taken for granted. */
    charge: "u16",
    /** Of the computer's node in hundredths of a kelvin; 0 where temperature is taken for granted. */
    temperature_ck: "u16",
  },
} as const;

/** All tables of a policy, by the group that they are written in. */
export const policyGroups = { events: eventTables, detections: detectionTables, body: bodyTables } as const;

/** Tables that are written and loaded together. */
export type PolicyGroup = keyof typeof policyGroups;

/** All shapes, by the name of the table. */
export const missionTables = { ...planTables, ...eventTables, ...detectionTables, ...bodyTables } as const;

/** A table of the record. */
export type MissionTableName = keyof typeof missionTables;

/** In memory. */
export type MissionTable<Name extends MissionTableName> = Table<(typeof missionTables)[Name]>;

/** One row, with its texts. */
export type MissionRow<Name extends MissionTableName> = Row<(typeof missionTables)[Name]>;

/** `product` where a row speaks of one that nobody told of. */
export const unknownProduct = 0xff_ff_ff_ff;
