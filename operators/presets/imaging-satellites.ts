import { assumed, published } from "./figure.ts";
import {
  commonAcquisition,
  commonUplink,
  daylightCamera,
  lithiumIon,
  oneLump,
  wattHours,
} from "./assumed-parts.ts";
import type { SpacecraftPreset } from "./spacecraft-preset.ts";

/** None of these flies a detector: what would it take, and give, if they carried the module of `cubesat-6u`? */
const hostedModule: SpacecraftPreset["sheet"]["computer"] = {
  name: "hosted 10 W module",
  peakOps: { fp32: assumed(0.5e12, "op/s", "none flies; the module of cubesat-6u") },
  utilisation: assumed(0.4, "", "as cubesat-6u"),
  chips: assumed(1, "", "as cubesat-6u"),
  memory: assumed(4e9, "B", "as cubesat-6u"),
  memoryBandwidth: assumed(25.6e9, "B/s", "as cubesat-6u"),
  samplesPerSecond: assumed(40e6, "sample/s", "as cubesat-6u"),
  tileOverhead: assumed(0.005, "s", "as cubesat-6u"),
  power: assumed(10, "W", "as cubesat-6u"),
  idlePower: assumed(1.5, "W", "as cubesat-6u"),
};

const nadirOnly = published(0, "deg", "docs.planet.com, as quoted in a public catalogue: nadir, no tasking");

const hsd = "Devaraj et al., Dove High Speed Downlink System, SmallSat 2017, SSC17-VII-02";

const dove: SpacecraftPreset = {
  name: "dove",
  title: "Dove (Planet, 3U)",
  note: "The radio is published; power and heat are those of a 3U cubesat with wings.",
  sheet: {
    computer: hostedModule,
    camera: daylightCamera(
      assumed(0.05, "J", "as cubesat-6u"),
      published(24_000, "m", "ValentinSchmittDeer/dsm-from-planetscope, README: frames of 24 × 16 km"),
      nadirOnly,
    ),
    radio: {
      uplink: published(250_000, "bit/s", "Planet, slides of 2016: S-band uplink of 250 kbit/s"),
      acquisition: commonAcquisition,
      power: assumed(40, "W", "DVB-S2 at some watts radiated, and its modem"),
      rate: { kind: "fixed", rate: published(160e6, "bit/s", `${hsd}: mean throughput; 220 Mbit/s at best`) },
    },
    store: { capacity: assumed(500e9, "B", "no figure found; some days of acquisitions") },
    power: {
      arrayArea: assumed(0.21, "m²", "two wings of three 3U panels, one side"),
      arrayEfficiency: assumed(0.25, "", "triple-junction cells of 30 %, packed to 85 %"),
      attitude: assumed("sun-tracking", "", "turns to the Sun when it does not image"),
      battery: lithiumIon(assumed(wattHours(80), "J", "eight 18650 cells")),
      loads: {
        base: assumed(12, "W", "bus, attitude control, receiver, computers idle"),
        contact: assumed(4, "W", "pointing and receiver, besides the transmitter"),
      },
    },
    heat: oneLump(5, assumed(0.25, "m²", "the faces of 3U, and what the wings add")),
    crosslink: assumed(null, "", "no inter-satellite link is known of"),
    shielding: assumed(1.5, "mm", "aluminium walls of a cubesat"),
  },
};

const superDove: SpacecraftPreset = {
  name: "super-dove",
  title: "SuperDove (Planet, 3U, eight bands)",
  note: "The body and radio of Dove: Planet's later radios are faster, but which flies on which satellite is not published.",
  sheet: {
    ...dove.sheet,
    camera: daylightCamera(
      assumed(0.05, "J", "as cubesat-6u"),
      published(32_500, "m", "docs.planet.com, as quoted in a public catalogue: frames of 32.5 × 19.6 km"),
      nadirOnly,
    ),
    radio: {
      ...dove.sheet.radio,
      rate: { kind: "fixed", rate: assumed(160e6, "bit/s", `at least Dove's mean: ${hsd}`) },
    },
  },
};

const sentinel2: SpacecraftPreset = {
  name: "sentinel-2",
  title: "Sentinel-2 (ESA, Copernicus)",
  note: "No detector flies on it. Its laser terminal speaks to relays in geostationary orbit, which are not modelled.",
  sheet: {
    computer: hostedModule,
    camera: daylightCamera(
      assumed(2.5, "J", "MSI's 266 W (eoPortal) over some 100 megasamples a second"),
      published(290_000, "m", "ESA, Sentinel-2, SP-1322/2: swath of 290 km"),
      assumed(0, "deg", "it only looks down, but for calibration"),
      assumed(0.17, "", "17 minutes of an orbit, of memory"),
    ),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(100, "W", "two X-band channels with travelling-wave tubes"),
      rate: { kind: "fixed", rate: published(560e6, "bit/s", "ESA, Sentinel-2, SP-1322/2: X-band downlink") },
    },
    store: { capacity: published(300e9, "B", "ESA, Sentinel-2, SP-1322/2: 2.4 Tbit at end of life") },
    power: {
      arrayArea: assumed(4.5, "m²", "what makes 1,700 W, the power published, at this efficiency"),
      arrayEfficiency: assumed(0.28, "", "triple-junction cells"),
      attitude: published("sun-tracking", "", "ESA, Sentinel-2, SP-1322/2: one wing on a drive"),
      battery: lithiumIon(assumed(wattHours(2700), "J", "a hundred ampere-hours at 28 V, nearly")),
      loads: {
        base: assumed(650, "W", "bus, instrument on standby, computers idle; 1.2 t of satellite"),
        contact: assumed(50, "W", "switching and receivers, besides the transmitter"),
      },
    },
    heat: oneLump(1100, assumed(22, "m²", "3.4 × 1.8 × 2.35 m (CNES), two thirds insulated")),
    crosslink: assumed(null, "", "the laser terminal serves EDRS in geostationary orbit only"),
    shielding: assumed(4, "mm", "panels and boxes of a large satellite"),
  },
};

const landsat9: SpacecraftPreset = {
  name: "landsat-9",
  title: "Landsat 9 (NASA, USGS)",
  note: "No detector flies on it. Spacecraft figures are of Landsat 8, which Landsat 9 repeats.",
  sheet: {
    computer: hostedModule,
    camera: daylightCamera(
      assumed(10, "J", "OLI-2 and TIRS-2, some 400 W over 40 megasamples a second"),
      published(185_000, "m", "USGS, Landsat 8 Data Users Handbook, LSDS-1574: swath of 185 km"),
      assumed(15, "deg", "to one side on request, of memory"),
      assumed(0.2, "", "half of the pair's 1,500 scenes a day, 24 s each"),
    ),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(80, "W", "X-band with an earth-coverage antenna"),
      rate: {
        kind: "fixed",
        rate: published(384e6, "bit/s", "Mah et al., Landsat 8 X-band downlink, 2012 (USGS 70193004)"),
      },
    },
    store: {
      capacity: published(392.5e9, "B", "Landsat 8 Data Users Handbook, LSDS-1574: 3.14 Tbit recorder"),
    },
    power: {
      arrayArea: assumed(11.3, "m²", "what makes 4,300 W, the power published, at this efficiency"),
      arrayEfficiency: assumed(0.28, "", "triple-junction cells"),
      attitude: assumed("sun-tracking", "", "one wing on a drive"),
      battery: lithiumIon(assumed(wattHours(3500), "J", "125 Ah at 28 V")),
      loads: {
        base: assumed(1200, "W", "bus, instruments on standby, cooler, computers idle; 2.7 t of satellite"),
        contact: assumed(50, "W", "switching and receivers, besides the transmitter"),
      },
    },
    heat: oneLump(2200, assumed(40, "m²", "4.6 × 3 × 3 m, half insulated")),
    crosslink: assumed(null, "", "no inter-satellite link is known of"),
    shielding: assumed(4, "mm", "panels and boxes of a large satellite"),
  },
};

const bodyTurns = assumed(30, "deg", "no figure found; the body turns, as Gaofen-1 and SPOT 6 to ±30 … 35°");

const jilin1: SpacecraftPreset = {
  name: "jilin-1",
  title: "Jilin-1 Gaofen-02 (Chang Guang Satellite Technology)",
  note: "Of the constellation's several kinds this is the one whose downlink is reported; its body is assumed.",
  sheet: {
    computer: hostedModule,
    camera: daylightCamera(
      assumed(0.5, "J", "an imager of 100 W at 200 megasamples a second"),
      published(40_000, "m", "jl1.cn, as quoted in a public catalogue: Gaofen-02, 40 km"),
      bodyTurns,
    ),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(60, "W", "X-band, two channels"),
      rate: {
        kind: "fixed",
        rate: published(
          1.8e9,
          "bit/s",
          "launch report of Jilin-1 Gaofen-02F, orbita.zenite.nu, October 2021",
        ),
      },
    },
    store: { capacity: assumed(1e12, "B", "no figure found; ten minutes of acquisitions") },
    power: {
      arrayArea: assumed(2, "m²", "three fixed panels of a 230 kg satellite"),
      arrayEfficiency: assumed(0.28, "", "triple-junction cells"),
      attitude: assumed("sun-tracking", "", "turns to the Sun when it does not image"),
      battery: lithiumIon(assumed(wattHours(700), "J", "25 Ah at 28 V")),
      loads: {
        base: assumed(110, "W", "bus, attitude control, receiver, computers idle"),
        contact: assumed(30, "W", "pointing and receiver, besides the transmitter"),
      },
    },
    heat: oneLump(230, assumed(4.5, "m²", "a body of near 1 m, and its baffle")),
    crosslink: assumed(null, "", "no inter-satellite link is known of"),
    shielding: assumed(3, "mm", "panels and boxes of a small satellite"),
  },
};

const jilin1Kuanfu: SpacecraftPreset = {
  name: "jilin-1-kuanfu",
  title: "Jilin-1 Kuanfu-02B, the wide camera (Chang Guang Satellite Technology, 2024)",
  note: "The body and radio of jilin-1, whose mass it shares; its camera is published.",
  sheet: {
    ...jilin1.sheet,
    camera: daylightCamera(
      assumed(0.5, "J", "as jilin-1"),
      published(150_000, "m", "Chang Guang Satellite Technology, article of September 2024: 150 km at 0.5 m"),
      bodyTurns,
    ),
  },
};

const jilin1Gaofen03: SpacecraftPreset = {
  name: "jilin-1-gaofen-03",
  title: "Jilin-1 Gaofen-03D (Chang Guang Satellite Technology, from 2022 on)",
  note: "The body and radio of jilin-1, though it is smaller; its camera is published.",
  sheet: {
    ...jilin1.sheet,
    camera: daylightCamera(
      assumed(0.5, "J", "as jilin-1"),
      published(17_000, "m", "jl1.cn, as quoted in a public catalogue: Gaofen-03D, 17 km"),
      bodyTurns,
    ),
  },
};

/** Satellites whose payload is a camera. */
export const imagingSatellites: readonly SpacecraftPreset[] = [
  dove,
  superDove,
  sentinel2,
  landsat9,
  jilin1,
  jilin1Kuanfu,
  jilin1Gaofen03,
];
