import type { Computer, Precision } from "../../pipeline/mission/spacecraft.ts";
import { spacecraftPresets } from "./registry.ts";
import { assumed, published, valuesOf, type Sheet } from "./figure.ts";

/** A network whose time on a computer somebody measured: what a profile's utilisation is held against. */
export interface Anchor {
  readonly network: string;
  readonly precision: Precision;
  /** Of one inference, multiply and add counted as two. */
  readonly operations: number;
  readonly seconds: number;
  /** Who measured the time; operations are those that the network's authors state. */
  readonly source: string;
}

/** A computer by name, every figure with its source. */
export interface ComputerProfile {
  /** As `--computer` would have it. */
  readonly name: string;
  readonly title: string;
  readonly sheet: Sheet<Computer>;
  readonly anchors: readonly Anchor[];
}

const ultralytics = "Ultralytics, NVIDIA Jetson guide (8.3.157, TensorRT, without pre- and post-processing)";
const qEngineering = "Q-engineering, YoloV8-ncnn-Raspberry-Pi-4: frames a second of the inference alone";
const jetsonBenchmarks = "NVIDIA-AI-IOT/jetson_benchmarks, README (GPU and both DLA, TensorRT 7)";
const encoder = "an encoder on the module's cores; cubesat-6u has 40 M";
const scheduling = "copies and scheduling, as cubesat-6u";

const jetsonNano: ComputerProfile = {
  name: "jetson-nano",
  title: "NVIDIA Jetson Nano, 10 W mode",
  sheet: {
    name: "Jetson Nano",
    memory: published(4e9, "B", ultralytics),
    memoryBandwidth: published(25.6e9, "B/s", ultralytics),
    peakOps: {
      fp32: published(0.236e12, "op/s", "128 cores × 2 × 921 MHz (NVIDIA Jetson Nano data sheet)"),
      fp16: published(0.472e12, "op/s", "NVIDIA Jetson Nano data sheet: 472 GFLOPS"),
    },
    utilisation: assumed(0.27, "", "YOLOv8n's measured time"),
    chips: assumed(1, "", "one module"),
    samplesPerSecond: assumed(30e6, "sample/s", encoder),
    tileOverhead: assumed(0.005, "s", scheduling),
    power: published(10, "W", "NVIDIA Jetson Nano data sheet: modes of 5 W and 10 W"),
    idlePower: assumed(1.25, "W", "modules of this class idle at 1 … 2 W"),
  },
  anchors: [
    {
      network: "YOLOv8n, 640 × 640",
      precision: "fp16",
      operations: 8.7e9,
      seconds: 1 / 14.5,
      source: qEngineering,
    },
    {
      network: "YOLOv8s, 640 × 640",
      precision: "fp16",
      operations: 28.6e9,
      seconds: 1 / 4.5,
      source: qEngineering,
    },
  ],
};

const xavierSheet = "NVIDIA Jetson Xavier NX data sheet, DA-09366-001";

const jetsonXavierNx: ComputerProfile = {
  name: "jetson-xavier-nx",
  title: "NVIDIA Jetson Xavier NX, 15 W mode",
  sheet: {
    name: "Jetson Xavier NX",
    memory: published(8e9, "B", ultralytics),
    memoryBandwidth: published(59.7e9, "B/s", ultralytics),
    peakOps: {
      fp32: published(0.845e12, "op/s", `384 cores × 2 × 1.1 GHz (${xavierSheet})`),
      fp16: assumed(6.8e12, "op/s", "48 tensor cores × 64 multiply-adds × 1.1 GHz, as Volta has them"),
      int8: published(21e12, "op/s", `${xavierSheet}: up to 21 TOPS, two DLA included`),
    },
    utilisation: assumed(0.33, "", "between the measured times of ResNet-50 and Inception v4"),
    chips: assumed(1, "", "one module"),
    samplesPerSecond: assumed(60e6, "sample/s", encoder),
    tileOverhead: assumed(0.005, "s", scheduling),
    power: published(15, "W", "NVIDIA Jetson Xavier NX: modes of 10 W and 15 W"),
    idlePower: assumed(3, "W", "a fifth of full power"),
  },
  anchors: [
    {
      network: "ResNet-50, 224 × 224",
      precision: "int8",
      operations: 8.2e9,
      seconds: 1 / 824.02,
      source: jetsonBenchmarks,
    },
    {
      network: "Inception v4, 299 × 299",
      precision: "int8",
      operations: 24.6e9,
      seconds: 1 / 311.73,
      source: jetsonBenchmarks,
    },
  ],
};

const orinBrief = "NVIDIA Jetson AGX Orin Series Technical Brief v1.2";

const jetsonAgxOrin: ComputerProfile = {
  name: "jetson-agx-orin",
  title: "NVIDIA Jetson AGX Orin 64 GB, without its power cap",
  sheet: {
    name: "Jetson AGX Orin 64 GB",
    memory: published(64e9, "B", ultralytics),
    memoryBandwidth: published(204.8e9, "B/s", ultralytics),
    peakOps: {
      fp32: published(
        5.3e12,
        "op/s",
        `${orinBrief}: 5.3 TFLOPS on the CUDA cores; TF32 on tensor cores is faster`,
      ),
      fp16: assumed(42.5e12, "op/s", "half of the int8 rate"),
      int8: published(
        85e12,
        "op/s",
        `${orinBrief}: GPU, 170 TOPS sparse and half of it dense; its 275 TOPS count sparsity and DLA`,
      ),
    },
    utilisation: assumed(
      0.14,
      "",
      "YOLO11s' measured time; the smaller the network, the less of so wide a chip is used",
    ),
    chips: assumed(1, "", "one module"),
    samplesPerSecond: assumed(100e6, "sample/s", encoder),
    tileOverhead: assumed(0.003, "s", "copies and scheduling"),
    power: published(60, "W", `${orinBrief}: configurable from 15 W to 60 W`),
    idlePower: assumed(8, "W", "module and memory at rest"),
  },
  anchors: [
    {
      network: "YOLO11s, 640 × 640",
      precision: "fp16",
      operations: 21.5e9,
      seconds: 3.65e-3,
      source: ultralytics,
    },
    {
      network: "YOLO11m, 640 × 640",
      precision: "fp16",
      operations: 68e9,
      seconds: 6.25e-3,
      source: ultralytics,
    },
    {
      network: "YOLO11n, 640 × 640",
      precision: "fp16",
      operations: 6.5e9,
      seconds: 2.55e-3,
      source: ultralytics,
    },
  ],
};

const raspberryPi4: ComputerProfile = {
  name: "raspberry-pi-4",
  title: "Raspberry Pi 4 B, its four cores alone",
  sheet: {
    name: "Raspberry Pi 4 B",
    memory: assumed(4e9, "B", "sold with 1 … 8 GB"),
    memoryBandwidth: assumed(12.8e9, "B/s", "LPDDR4-3200 of 32 bit, of memory"),
    peakOps: { fp32: assumed(57.6e9, "op/s", "four Cortex-A72 × 8 operations a cycle × 1.8 GHz") },
    utilisation: assumed(0.5, "", "between the measured times of YOLOv8n and YOLOv8s"),
    chips: assumed(1, "", "one board"),
    samplesPerSecond: assumed(10e6, "sample/s", encoder),
    tileOverhead: assumed(0.01, "s", scheduling),
    power: published(5.2, "W", "geerlingguy/sbc-reviews, issue 4: Geekbench on all cores; HPL takes 7.2 W"),
    idlePower: published(1.6, "W", "geerlingguy/sbc-reviews, issue 4: idle, at the wall"),
  },
  // Measured at 1.95 GHz.
  anchors: [
    {
      network: "YOLOv8n, 640 × 640",
      precision: "fp32",
      operations: 8.7e9,
      seconds: 1 / 3.1,
      source: qEngineering,
    },
    {
      network: "YOLOv8s, 640 × 640",
      precision: "fp32",
      operations: 28.6e9,
      seconds: 1 / 1.47,
      source: qEngineering,
    },
  ],
};

/** The computer of a spacecraft preset, which has its sources. */
const aboard = (name: string, spacecraft: string, anchors: readonly Anchor[] = []): ComputerProfile => {
  const preset = spacecraftPresets.find((one) => one.name === spacecraft);
  if (preset === undefined) throw new Error(`no spacecraft preset "${spacecraft}"`);
  return { name, title: `The computer of ${preset.title}`, sheet: preset.sheet.computer, anchors };
};

const tf2trt = "NVIDIA-AI-IOT/tf_to_trt_image_classification, README: TensorRT on a TX2, half precision";

/** Every computer that has a profile: modules by themselves, and those aboard the spacecraft presets. */
export const computerProfiles: readonly ComputerProfile[] = [
  aboard("cubesat-6u", "cubesat-6u"),
  aboard("myriad-2", "phi-sat-2"),
  raspberryPi4,
  jetsonNano,
  aboard("jetson-tx2", "oec", [
    {
      network: "ResNet-50 v1, 224 × 224",
      precision: "fp16",
      operations: 8.2e9,
      seconds: 15.7e-3,
      source: tf2trt,
    },
    {
      network: "Inception v1, 224 × 224",
      precision: "fp16",
      operations: 3e9,
      seconds: 7.98e-3,
      source: tf2trt,
    },
  ]),
  jetsonXavierNx,
  jetsonAgxOrin,
  aboard("atlas-200-dk", "bupt-1"),
  aboard("three-body", "three-body"),
  aboard("ai1", "ai1"),
];

/** The computer of a profile, as plain data. */
export const computerOf = ({ sheet }: ComputerProfile): Computer => valuesOf(sheet) as Computer;

/** The profile of that name, if there is one. */
export const findComputer = (name: string): ComputerProfile | null =>
  computerProfiles.find((one) => one.name === name) ?? null;
