/**
 * The protections against upsets over several seeds: mean and 95 % interval (Student's t) of what is found again, of AP50 and of tiles
 * lost. Needs `../shared/datasets/sen2ships`.
 *
 *   node dist/test/bench/upsets.js [SEEDS] [FACTOR] [PROTECTIONS]      # 1-10 100x none,scrub,ecc,vote
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const [range = "1-10", factor = "100x", protections = "none,scrub,ecc,vote"] = process.argv.slice(2);
const [first = 1, last = first] = range.split("-").map(Number);

/** What a run's summary says that is needed here. */
interface Policy {
  readonly quality: { readonly ap50: number } | null;
  readonly upsets: {
    readonly protection: string;
    readonly lostTiles: number;
    readonly weightUpsets: number;
    readonly without: { readonly ap50: number; readonly foundFraction: number };
  };
}

const run = promisify(execFile);

const fly = async (seed: number, out: string): Promise<readonly Policy[]> => {
  const main = join(import.meta.dirname, "..", "..", "bin", "swath.js");
  const flags = ["upsets", "../shared/datasets/sen2ships", "--cadence", "2h", "--constellation", "walker:1"];
  const more = [
    "--upsets",
    factor,
    "--seed",
    `${seed}`,
    "--protections",
    protections,
    "--out",
    out,
    "--json",
  ];
  const { stdout } = await run(process.execPath, [main, ...flags, ...more], { maxBuffer: 2 ** 26 });
  return (JSON.parse(stdout) as { readonly policies: readonly Policy[] }).policies;
};

/** Two-sided 95 % quantiles of Student's t, for 1, 2, … degrees of freedom; beyond the list that of a normal distribution. */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093,
];

const interval = (values: readonly number[]): string => {
  const mean = values.reduce((sum, n) => sum + n, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (values.length - 1));
  const half = ((quantiles[values.length - 2] ?? 1.96) * spread) / Math.sqrt(values.length);
  return `${mean.toFixed(3)} ± ${half.toFixed(3)}`;
};

const out = await mkdtemp(join(tmpdir(), "swath-upsets-"));
const found = new Map<string, Policy[]>();
try {
  for (let seed = first; seed <= last; seed += 1) {
    for (const policy of await fly(seed, out)) {
      found.set(policy.upsets.protection, [...(found.get(policy.upsets.protection) ?? []), policy]);
    }
    const [lines, count] = [[...found.values()].map((all) => all.at(-1)), seed - first + 1];
    for (const policy of lines) {
      if (policy === undefined) continue;
      const { protection, lostTiles, without } = policy.upsets;
      const ap50 = policy.quality?.ap50.toFixed(3) ?? "–";
      process.stderr.write(
        `seed ${seed} (${count} of ${last - first + 1}): ${protection} found again ${without.foundFraction.toFixed(3)}, AP50 ${ap50}, tiles lost ${lostTiles}\n`,
      );
    }
  }
} finally {
  await rm(out, { recursive: true });
}
console.log(`${factor}, seeds ${range}: mean ± 95 % interval`);
for (const [protection, policies] of found) {
  const of = (value: (policy: Policy) => number): string => interval(policies.map(value));
  console.log(
    [
      protection.padEnd(6),
      `found again ${of(({ upsets }) => upsets.without.foundFraction)}`,
      `AP50 ${of(({ quality }) => quality?.ap50 ?? 0)}`,
      `tiles lost ${of(({ upsets }) => upsets.lostTiles)}`,
      `upsets ${of(({ upsets }) => upsets.weightUpsets)}`,
    ].join("  "),
  );
}
