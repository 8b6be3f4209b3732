import {
  commonAcquisition,
  commonUplink,
  daylightCamera,
  hostedCamera,
  lithiumIon,
  oneLump,
  wattHours,
} from "./assumed-parts.ts";
import { assumed, published } from "./figure.ts";
import { oecBudget } from "./oec-budget.ts";
import type { SpacecraftPreset } from "./spacecraft-preset.ts";

const noCrosslink = assumed(null, "", "no inter-satellite link is known of");
const wall = assumed(2, "mm", "aluminium walls of a cubesat");
const withTheBus = "part of what such a bus draws";

const cubesat6u: SpacecraftPreset = {
  name: "cubesat-6u",
  title: "A 6U cubesat with a Jetson-class module: the default",
  note: "Nobody's satellite: every figure is assumed, inside the range of such buses.",
  sheet: {
    computer: {
      name: "10 W module",
      memory: assumed(4e9, "B", "as Jetson Nano (Ultralytics, NVIDIA Jetson guide)"),
      memoryBandwidth: assumed(25.6e9, "B/s", "as Jetson Nano (Ultralytics, NVIDIA Jetson guide)"),
      peakOps: { fp32: assumed(0.5e12, "op/s", "a module of 0.5 T operations a second nominal") },
      utilisation: assumed(0.4, "", "of the peak, on a small convolutional network"),
      chips: assumed(1, "", "one module"),
      samplesPerSecond: assumed(40e6, "sample/s", "a WebP encoder on the module's cores"),
      tileOverhead: assumed(0.005, "s", "copies and scheduling"),
      power: assumed(10, "W", "the module's 10 W mode"),
      idlePower: assumed(1.5, "W", "modules of this class idle at 1 … 2 W"),
    },
    camera: hostedCamera(assumed(0.05, "J", "some watts at some hundred million samples a second")),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(12, "W", "an X-band transmitter of 1 … 2 W radiated"),
      rate: { kind: "fixed", rate: assumed(8e6, "bit/s", "a modest S- or X-band downlink") },
    },
    store: { capacity: assumed(64e9, "B", "one industrial memory card") },
    power: {
      arrayArea: assumed(0.18, "m²", "three 6U faces, two of them deployed"),
      arrayEfficiency: assumed(0.25, "", "triple-junction cells of 30 %, packed to 85 %"),
      attitude: assumed("sun-tracking", "", "turns to the Sun between acquisitions"),
      battery: lithiumIon(assumed(wattHours(80), "J", "80 Wh, eight 18650 cells")),
      loads: {
        base: assumed(8, "W", "bus, attitude control, receiver, computer idle"),
        contact: assumed(3, "W", "pointing and receiver, besides the transmitter"),
      },
    },
    heat: oneLump(10, assumed(0.28, "m²", "the faces of 6U")),
    crosslink: noCrosslink,
    shielding: wall,
  },
};

const coteFiles = "cote (CMUAbstract/cote), examples/all-params sample configuration";
const oecArtifact = "ASPLOS'20 artifact (CMUAbstract/oec-asplos20-artifact), csfp-base.cpp";

/** Denby & Lucia, "Orbital Edge Computing", ASPLOS 2020, and the simulator that goes with it. */
const oec: SpacecraftPreset = {
  name: "oec",
  title: "The cubesat of the Orbital Edge Computing study (Denby & Lucia, ASPLOS 2020)",
  note:
    "A 3U cubesat with a Jetson TX2 that lives on a supercapacitor of 118 J: it works in sunlight and goes dark in eclipse. " +
    "16.3 J for the computer on a frame shared out in 32 tiles; the camera takes 2.2 J besides. Its stations, masked at 10°, are the network oec.",
  sheet: {
    computer: {
      name: "Jetson TX2",
      memory: assumed(8e9, "B", "LPDDR4 of 128 bit, of memory"),
      memoryBandwidth: assumed(59.7e9, "B/s", "LPDDR4 of 128 bit, of memory"),
      peakOps: {
        fp32: assumed(0.665e12, "op/s", "half of its fp16 rate, as the graphics core has it"),
        fp16: published(1.33e12, "op/s", "NVIDIA Jetson TX2 data sheet: 1.33 TFLOPS"),
      },
      utilisation: assumed(
        0.41,
        "",
        "makes cote's task, 44.86 ms, out of a 640 × 640 tile through DetectNet, a GoogLeNet (1.5 G multiply-adds at 224 × 224)",
      ),
      chips: published(1, "", coteFiles),
      samplesPerSecond: assumed(40e6, "sample/s", "cote encodes nothing; as cubesat-6u"),
      tileOverhead: assumed(0, "s", "within cote's task"),
      power: published(11.3272, "W", `${coteFiles}, computer-sm-sat.dat: WORK`),
      idlePower: published(0.5, "W", `${coteFiles}, computer-sm-sat.dat: IDLE`),
    },
    camera: {
      energyPerMegasample: published(
        0.17536,
        "J",
        `${coteFiles}, camera-sm-sat.dat: 3.5 W × 31.26 ms + 2.5 W × 838.86 ms over 4096 × 3072 pixels`,
      ),
      swath: published(12_288, "m", "Denby & Lucia, ASPLOS 2020: 4096 pixels of 3 m"),
      offNadir: published(
        0,
        "deg",
        "Denby & Lucia, ASPLOS 2020: it looks down and takes every frame of its ground track",
      ),
      duty: published(1, "", "Denby & Lucia, ASPLOS 2020: every frame of its ground track"),
      light: assumed("day", "", "it images sunlight"),
    },
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: published(11.5, "W", `${coteFiles}, tx-sm-sat.dat: TX`),
      rate: { kind: "budget", budget: oecBudget, sites: {} },
    },
    store: { capacity: assumed(64e9, "B", "cote's buffer has no end") },
    power: {
      arrayArea: published(0.0181, "m²", `${oecArtifact}: six Azur Space 3G30A cells of 30.18 cm²`),
      arrayEfficiency: published(0.286, "", `${oecArtifact}: 7.029 V × 1.0034 A of 1361 W/m²`),
      attitude: published("sun-tracking", "", "cote's array has full power whenever the Sun is in sight"),
      battery: {
        capacity: published(117.7, "J", `${coteFiles}, capacitor.dat: 5 F holding 34.302 C`),
        chargeEfficiency: assumed(0.98, "", "series resistance of 0.168 Ω at 1 A"),
        dischargeEfficiency: assumed(0.95, "", "series resistance of 0.168 Ω at 2 A"),
        floor: published(0.702, "", `${coteFiles}, computer-sm-sat.dat: sleeps under 5.75 V of 6.86 V`),
        initial: published(1, "", `${coteFiles}, capacitor.dat`),
      },
      loads: {
        base: published(0.6, "W", `${coteFiles}: computer idle 0.5 W, receiver 0.1 W`),
        contact: published(
          1.13,
          "W",
          `${coteFiles}, adacs-sm-sat.dat: NADIR; cote draws it all the time in sunlight`,
        ),
      },
    },
    heat: assumed(null, "", "cote knows no temperatures"),
    crosslink: assumed(null, "", "the study does without links between satellites"),
    shielding: wall,
  },
};

const phiSat2: SpacecraftPreset = {
  name: "phi-sat-2",
  title: "Φ-sat-2 (ESA, 2024)",
  note:
    "A 6U cubesat with an eight-band camera and a Myriad 2. Power, radio and store are not published in detail. A network of its own takes 216 s " +
    "for a scene of 4,096 × 4,096 × 8 there (arXiv, September 2026, as quoted); how many operations that is, is not said.",
  sheet: {
    computer: {
      name: "Myriad 2",
      peakOps: {
        fp32: assumed(0.05e12, "op/s", "half of its fp16 rate"),
        fp16: assumed(0.1e12, "op/s", "12 vector cores at 600 MHz, 8 multiply-adds each, nearly"),
      },
      utilisation: assumed(0.4, "", "of the peak, on a small convolutional network"),
      chips: assumed(1, "", "one accelerator"),
      samplesPerSecond: assumed(20e6, "sample/s", "an encoder beside it"),
      tileOverhead: assumed(0.01, "s", "copies over the bus"),
      power: published(
        1.8,
        "W",
        "CloudScout on Φ-sat-1's Myriad 2 (Giuffrida et al., Remote Sensing 12, 2205, 2020)",
      ),
      idlePower: assumed(0.5, "W", withTheBus),
    },
    camera: daylightCamera(
      assumed(0.05, "J", "as cubesat-6u"),
      published(20_000, "m", "ESA, Φsat-2 pages: 20 × 20 km in eight bands"),
      assumed(0, "deg", "no figure found; it pushes its broom straight down"),
    ),
    radio: {
      uplink: commonUplink,
      acquisition: commonAcquisition,
      power: assumed(12, "W", "an X-band transmitter of a cubesat"),
      rate: { kind: "fixed", rate: assumed(50e6, "bit/s", "X band from a cubesat; no figure found") },
    },
    store: { capacity: assumed(128e9, "B", "no figure found") },
    power: {
      arrayArea: assumed(0.24, "m²", "ESA: 6U with two solar wings; two panels of 6U each"),
      arrayEfficiency: assumed(0.25, "", "triple-junction cells of 30 %, packed to 85 %"),
      attitude: assumed("sun-tracking", "", "turns to the Sun between acquisitions"),
      battery: lithiumIon(assumed(wattHours(80), "J", "as cubesat-6u")),
      loads: {
        base: assumed(9, "W", "bus, attitude control, receiver, computers idle"),
        contact: assumed(3, "W", "pointing and receiver, besides the transmitter"),
      },
    },
    heat: oneLump(9, assumed(0.28, "m²", "the faces of 6U")),
    crosslink: noCrosslink,
    shielding: wall,
  },
};

const atlas = "Huawei Atlas 200 data sheet";
const telemetry = "telemetry of BUPT-1 (TiansuanConstellation/MobiCom24-SatelliteCOTS)";
const rounds = `${telemetry}, means of 196 rounds from 24 April to 7 May 2023`;

const bupt1: SpacecraftPreset = {
  name: "bupt-1",
  title: "BUPT-1 of the Tiansuan constellation (2023)",
  note:
    "Carries an Atlas 200 DK and a Raspberry Pi 4 (tiansuan.org.cn). Power is held against its telemetry of 2023, in which more is drawn " +
    "(17.9 W) than harvested (14.4 W): flown as it was, its battery runs down to the floor and the computer waits.",
  sheet: {
    computer: {
      name: "Atlas 200 DK",
      memory: assumed(8e9, "B", "LPDDR4X, of memory"),
      memoryBandwidth: assumed(51.2e9, "B/s", "LPDDR4X of 128 bit, of memory"),
      peakOps: {
        fp32: assumed(
          2.75e12,
          "op/s",
          "a quarter of its fp16 rate; the chip is made for narrower arithmetic",
        ),
        fp16: published(11e12, "op/s", `${atlas}: 11 TFLOPS`),
        int8: published(22e12, "op/s", `${atlas}: 22 TOPS`),
      },
      utilisation: assumed(0.15, "", "a small network leaves a chip of this width idle"),
      chips: published(1, "", "tiansuan.org.cn"),
      samplesPerSecond: assumed(40e6, "sample/s", "as cubesat-6u"),
      tileOverhead: assumed(0.005, "s", "as cubesat-6u"),
      power: published(10.3, "W", `${telemetry}: four threads in mode FULL, the mean; 24.2 W at most`),
      idlePower: published(
        0,
        "W",
        `${telemetry}: no power for payloads in half of the rounds, so it is off between tasks; on and idle 6.8 … 7.7 W`,
      ),
    },
    camera: hostedCamera(assumed(0.05, "J", "as cubesat-6u")),
    radio: {
      uplink: published(1e6, "bit/s", "Xing et al. 2024, as quoted in public notes: 1 Mbit/s"),
      acquisition: commonAcquisition,
      power: assumed(20, "W", "an X-band transmitter; public notes on Xing et al. 2024 model it at 20 W"),
      rate: {
        kind: "fixed",
        rate: published(100e6, "bit/s", "Xing et al. 2024, as quoted in public notes: X band, 100 Mbit/s"),
      },
    },
    store: { capacity: assumed(128e9, "B", "no figure found") },
    power: {
      arrayArea: published(
        0.1427,
        "m²",
        `48.6 W face to the Sun (Xing et al. 2024, as quoted in public notes) of 1362 W/m² at this efficiency; at most 43.8 W in ${telemetry}`,
      ),
      arrayEfficiency: assumed(0.25, "", "triple-junction cells of 30 %, packed to 85 %"),
      attitude: assumed(
        "nadir",
        "",
        "cells on the back of a body that looks down give what its telemetry has over days; single rounds have 9 W over its stations and 23 W where it turns to the Sun",
      ),
      battery: {
        ...lithiumIon(published(wattHours(115), "J", "Xing et al. 2024, as quoted in public notes: 115 Wh")),
        floor: assumed(0.5, "", "deeper than others: its telemetry draws more than it harvests"),
      },
      loads: {
        base: published(
          15,
          "W",
          `${rounds}: 14.5 W besides communication and payload, and 0.5 W for the receiver, the least of communication`,
        ),
        contact: assumed(5, "W", "pointing and receiver, besides the transmitter"),
      },
    },
    heat: oneLump(20, assumed(0.5, "m²", "the faces of 12U and a radiator")),
    crosslink: noCrosslink,
    shielding: wall,
  },
};

/** Small satellites with a computer on board. */
export const cubesats: readonly SpacecraftPreset[] = [cubesat6u, oec, phiSat2, bupt1];
