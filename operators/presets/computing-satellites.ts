import { assumed, published } from "./figure.ts";
import {
  commonAcquisition,
  commonUplink,
  hostedCamera,
  lithiumIon,
  oneLump,
  opticalTerminals,
  wattHours,
} from "./assumed-parts.ts";
import type { SpacecraftPreset } from "./spacecraft-preset.ts";

const satNews =
  "SatNews, China Completes In-Orbit Testing of Three-Body AI Computing Constellation, 16 February 2026";

const threeBody: SpacecraftPreset = {
  name: "three-body",
  title: "Three-Body Computing Constellation (Zhejiang Lab, ADA Space, 2025)",
  note:
    "744 TOPS is the most that one satellite has, as reported: twelve of them would have 8.9 POPS, and the batch is said to have 5. " +
    "The 30 TB are the batch's and are shared out evenly. Power and heat are assumed.",
  sheet: {
    computer: {
      name: "744 TOPS computer",
      memory: assumed(
        64e9,
        "B",
        "no figure found; it has models of eight billion parameters aboard, of 16 GB each in 16 bit",
      ),
      memoryBandwidth: assumed(
        550e9,
        "B/s",
        "no figure found; Jetson AGX Orin has 204.8 GB/s for 275 TOPS, so much for 744",
      ),
      peakOps: {
        fp32: assumed(93e12, "op/s", "an eighth of the int8 rate, as on common accelerators"),
        fp16: assumed(372e12, "op/s", "half of the int8 rate, as on common accelerators"),
        int8: published(744e12, "op/s", `${satNews}: 744 TOPS a satellite; read as int8, a maximum`),
      },
      utilisation: assumed(0.1, "", "a small network leaves a chip of this width idle"),
      chips: assumed(1, "", "taken as one"),
      samplesPerSecond: assumed(200e6, "sample/s", "encoders of a server-class module"),
      tileOverhead: assumed(0.002, "s", "copies and scheduling"),
      power: assumed(300, "W", "accelerators of this class give 2 … 3 TOPS a watt"),
      idlePower: assumed(60, "W", "a fifth of full power"),
    },
    camera: hostedCamera(assumed(0.3, "J", "an imager of a 200 kg satellite")),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(60, "W", "an X-band transmitter"),
      rate: {
        kind: "fixed",
        rate: assumed(600e6, "bit/s", "X band from a 200 kg satellite; no figure found"),
      },
    },
    store: { capacity: published(2.5e12, "B", `${satNews}: 30 TB in orbit, a twelfth each`) },
    power: {
      arrayArea: assumed(4, "m²", "carries the computer at full power in sunlight"),
      arrayEfficiency: assumed(0.28, "", "triple-junction cells"),
      attitude: assumed("sun-tracking", "", "wings on a drive"),
      battery: lithiumIon(assumed(wattHours(1500), "J", "carries the bus and half an eclipse of computing")),
      loads: {
        base: assumed(220, "W", "bus, attitude control, receiver, computers idle"),
        contact: assumed(40, "W", "pointing and receiver, besides the transmitter"),
      },
    },
    heat: oneLump(200, assumed(5, "m²", "a body of near 1 m, and its radiators")),
    crosslink: opticalTerminals(
      assumed(2, "", "fore and aft"),
      published(100e9, "bit/s", `${satNews}: laser links of 100 Gbit/s`),
      published(15, "s", "report on its terminals, dx.dexunzhenggu.cn, May 2025: a link is set up in 15 s"),
    ),
    shielding: assumed(3, "mm", "panels and boxes of a small satellite"),
  },
};

const qianfan: SpacecraftPreset = {
  name: "qianfan",
  title: "Qianfan, Thousand Sails (SSST, 2024)",
  note: "A satellite for communication; that it computes and images is this preset's assumption, and so is all but its mass.",
  sheet: {
    computer: {
      name: "hosted 40 W module",
      memory: assumed(16e9, "B", "as Jetson Orin NX (Ultralytics, NVIDIA Jetson guide)"),
      memoryBandwidth: assumed(102.4e9, "B/s", "as Jetson Orin NX (Ultralytics, NVIDIA Jetson guide)"),
      peakOps: {
        fp32: assumed(5e12, "op/s", "a module of the Jetson Orin class"),
        fp16: assumed(10e12, "op/s", "a module of the Jetson Orin class"),
        int8: assumed(20e12, "op/s", "a module of the Jetson Orin class"),
      },
      utilisation: assumed(0.2, "", "of the peak, on a small convolutional network"),
      chips: assumed(1, "", "one module"),
      samplesPerSecond: assumed(100e6, "sample/s", "an encoder on the module's cores"),
      tileOverhead: assumed(0.003, "s", "copies and scheduling"),
      power: assumed(40, "W", "a module of the Jetson Orin class"),
      idlePower: assumed(8, "W", "a module of the Jetson Orin class"),
    },
    camera: hostedCamera(assumed(0.3, "J", "a hosted imager")),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(150, "W", "a gateway link in Ka band"),
      rate: { kind: "fixed", rate: assumed(2e9, "bit/s", "one gateway beam in Ka band") },
    },
    store: { capacity: assumed(1e12, "B", "no figure found") },
    power: {
      arrayArea: assumed(12, "m²", "one wing of a flat satellite of 300 kg"),
      arrayEfficiency: assumed(0.28, "", "triple-junction cells"),
      attitude: assumed("sun-tracking", "", "a wing on a drive"),
      battery: lithiumIon(assumed(wattHours(3000), "J", "carries the payload through an eclipse")),
      loads: {
        base: assumed(1200, "W", "its own business, communication, goes on all the time"),
        contact: assumed(50, "W", "a gateway antenna that follows, besides the transmitter"),
      },
    },
    heat: oneLump(
      300,
      assumed(9, "m²", "both faces of a flat body of near 2 × 2 m; 300 kg (New Space Economy, August 2024)"),
    ),
    crosslink: opticalTerminals(
      assumed(4, "", "fore, aft and both neighbours"),
      assumed(10e9, "bit/s", "no figure found"),
    ),
    shielding: assumed(2, "mm", "a flat, light body"),
  },
};

const pilot2028: SpacecraftPreset = {
  name: "pilot-2028",
  title: "A pilot of an orbital data centre as one may fly in 2028",
  note: "Nobody's satellite: every figure is assumed, between Starcloud-1 (one accelerator) and Condor-Ultra (20 kW).",
  sheet: {
    computer: {
      name: "four server accelerators",
      memory: assumed(80e9, "B", "as H100"),
      memoryBandwidth: assumed(3.35e12, "B/s", "as H100 SXM"),
      peakOps: {
        fp32: assumed(60e12, "op/s", "one accelerator of 2024"),
        fp16: assumed(800e12, "op/s", "one accelerator of 2024, dense"),
        int8: assumed(1600e12, "op/s", "one accelerator of 2024, dense"),
      },
      utilisation: assumed(0.1, "", "a small network leaves a chip of this width idle"),
      chips: assumed(4, "", "what 2 kW feed"),
      samplesPerSecond: assumed(500e6, "sample/s", "a server's cores"),
      tileOverhead: assumed(0.002, "s", "copies and scheduling"),
      power: assumed(2000, "W", "four at 400 W, and their host"),
      idlePower: assumed(400, "W", "a fifth of full power"),
    },
    camera: hostedCamera(assumed(0.3, "J", "an imager of a small satellite")),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(100, "W", "Ka band"),
      rate: { kind: "fixed", rate: assumed(2e9, "bit/s", "Ka band") },
    },
    store: { capacity: assumed(30e12, "B", "eight drives") },
    power: {
      arrayArea: assumed(16, "m²", "carries full power in sunlight and charges for half an eclipse"),
      arrayEfficiency: assumed(0.28, "", "triple-junction cells"),
      attitude: assumed("sun-tracking", "", "wings on a drive"),
      battery: lithiumIon(assumed(wattHours(5000), "J", "carries the bus and half an eclipse of computing")),
      loads: {
        base: assumed(900, "W", "bus, pumps, attitude control, receiver, computers idle"),
        contact: assumed(50, "W", "pointing and receiver, besides the transmitter"),
      },
    },
    heat: oneLump(500, assumed(17, "m²", "a body of 1.2 m and two radiators of 2 m², both sides")),
    crosslink: opticalTerminals(
      assumed(4, "", "fore, aft and both neighbours"),
      assumed(100e9, "bit/s", "as flown in 2025"),
    ),
    shielding: assumed(4, "mm", "boxes round the accelerators"),
  },
};

/** Satellites whose payload is a computer that detects on board. */
export const computingSatellites: readonly SpacecraftPreset[] = [threeBody, qianfan, pilot2028];
