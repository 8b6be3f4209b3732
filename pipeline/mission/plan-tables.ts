/*
 * The tables of a mission record that are known before a run begins. `mission-tables.ts` says how all of them are to be read.
 */

/** Known before the run begins: the plan. */
export const planTables = {
  /** In the order of the head's `satellites`: SGP4 mean elements (TEME, Kozai mean motion, WGS 72). */
  orbits: {
    /** UTC seconds since 1970. */
    epoch_s: "f64",
    catalog_number: "u32",
    mean_motion_rev_per_day: "f64",
    eccentricity: "f64",
    inclination_deg: "f64",
    right_ascension_deg: "f64",
    argument_of_perigee_deg: "f64",
    mean_anomaly_deg: "f64",
    drag_per_earth_radius: "f64",
  },
  /** One antenna serving one satellite. No bit crosses before `locked_s`. */
  contacts: {
    from_s: "f64",
    locked_s: "f64",
    to_s: "f64",
    satellite: "u16",
    station: "u16",
    antenna: "u8",
    max_elevation_deg: "f32",
    /** What the link could carry down from lock to end, framing included. */
    capacity_bytes: "f64",
  },
  /** Two satellites linked; both terminals are taken from `pointing_s` on. */
  crosslinks: {
    pointing_s: "f64",
    from_s: "f64",
    to_s: "f64",
    a: "u16",
    b: "u16",
    min_range_m: "f32",
    max_range_m: "f32",
  },
  /** Images of the dataset, of those that are taken. In a simulation there are none. */
  scenes: {
    name: "text",
    width_px: "u32",
    height_px: "u32",
    /** Of the centre; NaN where nobody knows where it lies. The corners follow, from the upper left one clockwise. */
    longitude_deg: "f64",
    latitude_deg: "f64",
    longitude_0_deg: "f64",
    latitude_0_deg: "f64",
    longitude_1_deg: "f64",
    latitude_1_deg: "f64",
    longitude_2_deg: "f64",
    latitude_2_deg: "f64",
    longitude_3_deg: "f64",
    latitude_3_deg: "f64",
    /** Of a pixel on the ground, along a row and along a column. */
    pixel_width_m: "f32",
    pixel_height_m: "f32",
    /** When the image itself was taken, UTC seconds since 1970. */
    recorded_s: "f64",
  },
  /** Who takes which scene when: row n is acquisition n. */
  acquisitions: {
    at_s: "f64",
    satellite: "u16",
    /** Row of `scenes`; 4294967295 in a simulation. */
    scene: "u32",
    /** Of the Sun over the scene at that moment; in a simulation over the point beneath the satellite. */
    sun_elevation_deg: "f32",
    longitude_deg: "f64",
    latitude_deg: "f64",
  },
  /** What satellites are ordered to do, in order of the moment at which it is given. Absent in a mission without orders. */
  orders: {
    /** Given; of what was refused without a moment, 0. */
    at_s: "f64",
    deadline_s: "f64",
    /** Its id. */
    order: "text",
    kind: "text",
    tenant: "text",
    /** Whom it goes to; 65535 for nobody. */
    satellite: "u16",
    /** 1 goes first; 0 for what was refused. */
    priority: "u8",
    /** The area; NaN where it has none. West lies east of east across the antimeridian. */
    west_deg: "f64",
    south_deg: "f64",
    east_deg: "f64",
    north_deg: "f64",
    /** Row of `acquisitions`; 4294967295 for none. */
    acquisition: "u32",
    /** Why the ground refused it; empty where it did not. */
    refused: "text",
  },
} as const;

/** `scene` of acquisitions that are of no scene. */
export const noScene = 0xff_ff_ff_ff;

/** `satellite` of what is for none. */
export const noSatellite = 0xff_ff;
/** `acquisition` of what is none. */
export const noAcquisition = 0xff_ff_ff_ff;
