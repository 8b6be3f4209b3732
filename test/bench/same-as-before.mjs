// Whether another clone comes to the same answers: `node test/bench/same-as-before.mjs OLD [NEW]`, both built.
// Runs the same commands in both, with every option that has changed its default said aloud, and compares what they leave file by
// file: detections, chips and tables byte for byte; summaries, workloads and STAC items but for the fields listed below.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const [old, now = here] = process.argv.slice(2);
if (old === undefined || !existsSync(join(old, "dist/cli/main.js"))) {
  console.error("usage: node test/bench/same-as-before.mjs OLD [NEW]: clones that are built (npm run setup)");
  process.exit(2);
}

/** Fields that may differ, and why. */
const listed = {
  runId: "names follow from the option table, which says more than the list before it",
  run: "names a run",
  id: "names a run, in its STAC collection",
  name: "names a run or a workload after its run",
  schema: "versions of formats",
  provenance: "new: version, commit, spacecraft",
  schedule: "new: who saw what",
  collection: "names a run",
  platform: "the source's own, where it was the simulated one",
  datetime: "the source's own, where it was the simulated one",
  start_datetime: "as datetime",
  end_datetime: "as datetime",
  "swath:captured_at": "new",
  "swath:satellites": "new",
  "swath:load_test": "new",
  "processing:lineage": "names a run",
  "processing:software": "versions",
  links: "derived_from is new",
  description: "words",
  link: "words of the rate",
  workload: "a path",
};

const common = "--constellation walker:3 --stations builtin --schedule cadence --spacecraft cubesat-6u";
const scenes = "builtin:harbour?scenes=2&size=512";
const ports = resolve(here, "../shared/datasets/sen2ships");
const commands = [
  ["six policies", `compare ${scenes} ${common}`],
  ["lossy channel", `replay ${scenes} --policy raw ${common} --ber 2e-5 --segment-loss 0.1 --rate 2Mbit/s`],
  [
    "asking",
    `replay ${scenes} --policy adaptive ${common} --ask uncertain --ask-scores 0/0.7 --order weighted:4/2/1`,
  ],
  ["upsets", `replay ${scenes} --policy detect ${common} --upsets 300x --protection scrub`],
  [
    "crosslinks",
    `replay ${scenes} --policy raw --constellation three-body --stations builtin --schedule cadence --crosslinks all --hours 8`,
  ],
  ...(existsSync(ports)
    ? [
        [
          "ten ports",
          `compare ${ports} --labels-none ${common} --policies raw,detect`.replace(" --labels-none", ""),
        ],
      ]
    : []),
  [
    "simulate",
    `simulate --workload WORKLOAD --policy detect --constellation walker:280 --stations builtin --hours 2 --spacecraft three-body`,
  ],
  [
    "simulate with mesh",
    `simulate --workload WORKLOAD --policy detect --constellation walker:280 --stations builtin --hours 2 --spacecraft three-body --crosslinks grid`,
  ],
];

const folder = mkdtempSync(join(tmpdir(), "swath-same-"));

const run = (clone, words, out) => {
  const args = [join(clone, "dist/cli/main.js"), ...words.split(" "), "--out", out];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${basename(clone)}: ${stderr.trim().split("\n").at(-1)}`);
  return join(
    out,
    readdirSync(out).find((name) => !name.startsWith(".")),
  );
};

const filesBelow = (root, below = "") =>
  readdirSync(join(root, below)).flatMap((name) =>
    statSync(join(root, below, name)).isDirectory()
      ? filesBelow(root, join(below, name))
      : [join(below, name)],
  );

/** Values at paths, without those under a listed field. */
const leaves = (value, path = "") => {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, one]) => (key in listed ? [] : leaves(one, `${path}/${key}`)));
};

/** The report is drawn anew, the configuration is words. */
const skipped = /^(report\.html|(scenario|simulation)\.yaml|upsets\.json)$/;

/** What a file says, without what a manifest says of files that may differ. */
const contentOf = (bytes, file) => {
  const value = JSON.parse(bytes.toString());
  return file === "manifest.json"
    ? { ...value, files: value.files.filter(({ path }) => !skipped.test(path)) }
    : value;
};

/** What differs in a file: nothing, a list of fields, or the bytes. */
const differences = (a, b, file) => {
  const [left, right] = [readFileSync(join(a, file)), readFileSync(join(b, file))];
  if (left.equals(right)) return [];
  if (!/\.(geo)?json$/.test(file)) return [`${file}: bytes`];
  const [x, y] = [left, right].map((text) => new Map(leaves(contentOf(text, file))));
  const paths = [...new Set([...x.keys(), ...y.keys()])].filter((path) => x.get(path) !== y.get(path));
  return paths.length === 0
    ? []
    : [`${file}: ${paths.slice(0, 6).join(", ")}${paths.length > 6 ? ", …" : ""}`];
};

let wrong = 0;
/** A run that both scale up: its name is part of theirs. */
let workload = null;
for (const [index, [title, words]] of commands.entries()) {
  const outs = [old, now].map((clone, side) =>
    run(clone, words.replace("WORKLOAD", workload ?? ""), join(folder, `${index}-${side}`)),
  );
  workload ??= outs[0];
  const [before, after] = outs.map((out) => filesBelow(out).filter((file) => !skipped.test(file)));
  const gone = before.filter((file) => !after.includes(file)).map((file) => `${file}: gone`);
  const found = [
    ...gone,
    ...before.filter((file) => after.includes(file)).flatMap((file) => differences(...outs, file)),
  ];
  wrong += found.length;
  console.log(`${title}: ${before.length} files, ${found.length === 0 ? "the same" : "DIFFERENT"}`);
  for (const line of found.slice(0, 12)) console.log(`  ${line}`);
}
rmSync(folder, { recursive: true });
process.exit(wrong === 0 ? 0 : 1);
