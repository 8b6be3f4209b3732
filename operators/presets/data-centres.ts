import { assumed, published } from "./figure.ts";
import {
  commonAcquisition,
  commonUplink,
  cooledByRadiator,
  hostedCamera,
  lithiumIon,
  oneLump,
  opticalTerminals,
  wattHours,
} from "./assumed-parts.ts";
import type { SpacecraftPreset } from "./spacecraft-preset.ts";

const h100 = "NVIDIA H100 data sheet, PCIe card, dense";
const starcloudReport = "CNBC, 10 December 2025, on Starcloud-1";

const starcloud: SpacecraftPreset = {
  name: "starcloud",
  title: "Starcloud-1 (Starcloud, November 2025)",
  note: "60 kg with one H100. Which card flies, and what feeds and cools it, is not published: it cannot run at full power for long.",
  sheet: {
    computer: {
      name: "H100",
      memory: published(80e9, "B", h100),
      memoryBandwidth: assumed(
        2e12,
        "B/s",
        "PCIe card with HBM2e, of memory; 3.35 TB/s where it is the SXM module",
      ),
      peakOps: {
        fp32: published(51e12, "op/s", h100),
        fp16: published(756e12, "op/s", h100),
        int8: published(1513e12, "op/s", h100),
      },
      utilisation: assumed(0.1, "", "a small network leaves a chip of this width idle"),
      chips: published(1, "", starcloudReport),
      samplesPerSecond: assumed(200e6, "sample/s", "a host's cores"),
      tileOverhead: assumed(0.002, "s", "copies and scheduling"),
      power: assumed(450, "W", `350 W (${h100}) and a host of 100 W`),
      idlePower: assumed(80, "W", "card and host at rest"),
    },
    camera: hostedCamera(assumed(0.3, "J", "it has none; an imager of a small satellite")),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(40, "W", "X or Ka band of a 60 kg satellite"),
      rate: { kind: "fixed", rate: assumed(300e6, "bit/s", "Ka band of that maker's cubesats, 320 Mbit/s") },
    },
    store: { capacity: assumed(2e12, "B", "no figure found") },
    power: {
      arrayArea: assumed(2, "m²", "wings of a 60 kg satellite"),
      arrayEfficiency: assumed(0.28, "", "triple-junction cells"),
      attitude: assumed("sun-tracking", "", "turns to the Sun"),
      battery: lithiumIon(assumed(wattHours(600), "J", "some minutes of full power besides an eclipse")),
      loads: {
        base: assumed(160, "W", "bus, attitude control, receiver, computers idle"),
        contact: assumed(20, "W", "pointing and receiver, besides the transmitter"),
      },
    },
    heat: oneLump(60, assumed(2.2, "m²", `a body of near 0.6 m; 60 kg (${starcloudReport})`)),
    crosslink: assumed(null, "", "no inter-satellite link is known of"),
    shielding: assumed(4, "mm", "a box round the card"),
  },
};

const muon = "Muon Space, announcement of Condor-Ultra, 3 June 2026";

const condorUltra: SpacecraftPreset = {
  name: "condor-ultra",
  title: "Condor-Ultra (Muon Space, announced June 2026)",
  note: "A platform of 20 kW that its maker means to grow to 100 kW; here at 20 kW, with accelerators of its announcement's class.",
  sheet: {
    computer: {
      name: "eight server accelerators",
      memory: assumed(192e9, "B", "one accelerator of 2025"),
      memoryBandwidth: assumed(8e12, "B/s", "one accelerator of 2025"),
      peakOps: {
        fp32: assumed(
          60e12,
          "op/s",
          "one accelerator of 2024; those announced are faster, by an unpublished measure",
        ),
        fp16: assumed(2000e12, "op/s", "one accelerator of 2026, dense"),
        int8: assumed(4000e12, "op/s", "one accelerator of 2026, dense"),
      },
      utilisation: assumed(0.1, "", "a small network leaves a chip of this width idle"),
      chips: assumed(8, "", "what 12 kW feed"),
      samplesPerSecond: assumed(2e9, "sample/s", "several servers' cores"),
      tileOverhead: assumed(0.002, "s", "copies and scheduling"),
      power: assumed(12_000, "W", "the payload's part of 20 kW"),
      idlePower: assumed(2000, "W", "a sixth of full power"),
    },
    camera: hostedCamera(assumed(0.3, "J", "a hosted imager")),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(200, "W", "Ka band"),
      rate: {
        kind: "fixed",
        rate: assumed(5e9, "bit/s", "Ka band; its 25 Gbit/s through Starlink need no station"),
      },
    },
    store: { capacity: assumed(100e12, "B", "no figure found") },
    power: {
      arrayArea: assumed(52.5, "m²", `20 kW (${muon}) at this efficiency`),
      arrayEfficiency: assumed(0.28, "", "triple-junction cells"),
      attitude: assumed("sun-tracking", "", "wings on drives"),
      battery: lithiumIon(
        assumed(wattHours(15_000), "J", "carries the bus and half an eclipse of computing"),
      ),
      loads: {
        base: assumed(4000, "W", "bus, pumps, terminals on standby, computers idle"),
        contact: assumed(100, "W", "pointing and receiver, besides the transmitter"),
      },
    },
    heat: cooledByRadiator(
      16,
      assumed(40, "m²", "20 m² of panel, both sides: its nadir face has 18 m²"),
      assumed(0.15, "", "white panels, some of them edge-on"),
    ),
    crosslink: opticalTerminals(
      assumed(4, "", "fore, aft and both neighbours"),
      published(100e9, "bit/s", `${muon}: optical links of 100 Gbit/s`),
    ),
    shielding: assumed(4, "mm", "boxes round the accelerators"),
  },
};

const ai1Interview = "SpaceX, presentation of AI1, June 2026, as reported";
const ai1Sheet =
  "SpaceX, Starmind AI1, sheet of August 2026 (The New Stack; spacex.com as quoted in public code)";

const ai1: SpacecraftPreset = {
  name: "ai1",
  title: "Starmind AI1 (SpaceX, announced June 2026, as of its sheet of August 2026)",
  note:
    "250 kW for computing at peak and 175 kW on average, from an array of 210 kW: at peak it draws on a battery whose size is not published. " +
    "One rack of 72 Rubin, whose rates in these precisions are assumed.",
  sheet: {
    computer: {
      name: "one rack of 72 accelerators",
      memory: published(288e9, "B", "NVIDIA, Vera Rubin NVL72, as quoted: 20.7 TB of HBM4 in 72"),
      memoryBandwidth: assumed(22e12, "B/s", "HBM4 of one Rubin, of memory"),
      peakOps: {
        fp32: assumed(80e12, "op/s", "one accelerator of 2025"),
        fp16: assumed(2500e12, "op/s", "one accelerator of 2025, dense"),
        int8: assumed(5000e12, "op/s", "one accelerator of 2025, dense"),
      },
      utilisation: assumed(0.1, "", "a small network leaves a chip of this width idle"),
      chips: published(72, "", `${ai1Sheet}: one Vera Rubin NVL72`),
      samplesPerSecond: assumed(20e9, "sample/s", "a rack's cores"),
      tileOverhead: assumed(0.002, "s", "copies and scheduling"),
      power: published(250_000, "W", `${ai1Sheet}: peak; 175 kW on average`),
      idlePower: assumed(50_000, "W", "a fifth of full power"),
    },
    camera: hostedCamera(assumed(0.3, "J", "it has none; an imager of a small satellite")),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(500, "W", "a gateway link in Ka band"),
      rate: {
        kind: "fixed",
        rate: assumed(20e9, "bit/s", "a gateway link; its own figure is for laser links"),
      },
    },
    store: { capacity: assumed(1e15, "B", "no figure found") },
    power: {
      arrayArea: published(840, "m²", `${ai1Sheet}: 210 kW, at the 250 W/m² of June`),
      arrayEfficiency: published(0.1837, "", `${ai1Interview}: 250 W/m², of 1361`),
      attitude: assumed("sun-tracking", "", "the whole satellite stands edge-on to the Sun"),
      battery: lithiumIon(
        assumed(wattHours(100_000), "J", "carries the bus through an eclipse, and little more"),
      ),
      loads: {
        base: assumed(62_000, "W", "bus, pumps and terminals 12 kW, computers idle"),
        contact: assumed(500, "W", "pointing, besides the transmitter"),
      },
    },
    heat: {
      ...cooledByRadiator(
        262,
        published(320, "m²", `${ai1Sheet}: a radiator of 160 m², both sides`),
        assumed(0.05, "", "edge-on to the Sun, as presented; what the edges and the Earth's light bring"),
      ),
      throttleFrom: assumed(363, "K", "90 °C at the cold plate: presented as running its silicon hot"),
      stopAt: assumed(378, "K", "105 °C at the cold plate"),
    },
    crosslink: opticalTerminals(
      assumed(4, "", "fore, aft and both neighbours"),
      published(250e9, "bit/s", `${ai1Interview}: about 1 Tbit/s, a quarter for each terminal`),
    ),
    shielding: assumed(4, "mm", "boxes round the accelerators"),
  },
};

/** Data centres in orbit, flown or announced. */
export const dataCentres: readonly SpacecraftPreset[] = [starcloud, condorUltra, ai1];
