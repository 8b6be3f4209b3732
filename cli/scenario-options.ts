import { type Command, Option } from "commander";
import { deviceHelp } from "../pipeline/detection/device.ts";
import { addAskOptions } from "./ask-options.ts";
import { addStoreOptions } from "./store-options.ts";
import { addUpsetOptions } from "./upset-options.ts";

/** What `--constellation` and `--stations` take; `swath presets` lists the names. */
export const constellationWords =
  "walker:N[/P/F][@KMkm[,DEGdeg]], a name (swath presets), or a TLE/OMM file with an optional :NAME filter";
export const stationWords =
  "builtin, another network (swath presets), a GeoJSON file, or several, comma-separated";

/** The options of every command that runs a scenario. */
export const addScenarioOptions = (command: Command): Command =>
  addUpsetOptions(addRunOptions(command)).option("--seed <number>", "seed of everything random", "1");

/** The same but for what particles do to memories, and the seed. */
export const addRunOptions = (command: Command): Command =>
  addAskOptions(addStoreOptions(addFlightOptions(command)));

const addFlightOptions = (command: Command): Command =>
  command
    .option("--config <file>", "YAML or JSON file with any of the long options below as keys")
    .option("--model <model>", "shipped model, folder with model.json, or file.onnx", "ships-s2")
    .option(
      "--screen-model <model>",
      "what policy screen tells cloud by: a model that marks cloud, or brightness",
      "clouds",
    )
    .option("--device <names>", deviceHelp)
    .option("--threshold <score>", "report detections from this score on (default: the model card's)")
    .option("--map <pairs>", "label class to model class, e.g. Airplane=aeroplane")
    .option("--tile <pixels>", "tile side (default: the model card's)")
    .option("--overlap <pixels>", "tile overlap (default: the model card's)")
    .option("--constellation <spec>", constellationWords, "walker:3")
    .option("--spacecraft <spec>", "a preset or a YAML file (default: the constellation's, or cubesat-6u)")
    .option("--stations <spec>", stationWords, "builtin")
    .option("--start <time>", "start of the horizon (default: the newest epoch of the orbits)")
    .option("--hours <hours>", "length of the horizon", "24")
    .addOption(
      new Option("--schedule <rule>", "which satellite sees which scene when")
        .choices(["cadence", "overflight", "recorded"])
        .default("cadence"),
    )
    .option("--cadence <duration>", "time between acquisitions under --schedule cadence", "2min")
    .option(
      "--rate <rate>",
      "downlink rate: 8Mbit/s, by elevation 5:2Mbit/s,20:8Mbit/s, or by link budget budget:link.yaml (default: the spacecraft's radio)",
    )
    .addOption(
      new Option(
        "--crosslinks <topology>",
        "links between satellites: none, all pairs, or a grid of neighbours",
      )
        .choices(["none", "all", "grid"])
        .default("none"),
    )
    .option("--epoch <duration>", "with crosslinks, satellites exchange products so often", "60s")
    .option("--ber <rate>", "channel bit error rate", "0")
    .option("--segment-loss <share>", "share of link segments that never arrive", "0")
    .option(
      "--outage <station:from/to>",
      "a station that hears nothing for a while, e.g. Svalbard:1h/3h; may be given more than once",
      (outage: string, before: readonly string[] | undefined) => [...(before ?? []), outage],
    );

/** The options of how, not what. */
export const addExecutionOptions = (command: Command): Command =>
  command
    .option("--out <folder>", "where run folders go", "runs")
    .option("--nats <url>", "join this NATS instead of starting a private server")
    .option("--creds <file>", "NATS credentials")
    .option("--external", "satellites and stations run as processes of their own (needs --nats)")
    .option("--strict", "stop at the first scene that cannot be read")
    .option("--speed <factor>", "mission seconds per wall second, for people who watch (default: flat out)")
    .option("--threads <n>", "inference threads (default: one a core)")
    .option("--json", "print the summary as JSON");
