/**
 * Damages small files of every decoder and reads each mutant with the reference library and with Swath: do they agree on what
 * is broken? (What the reference is: test/fuzz/reference.py.)
 *
 *     npm run bench:fuzz [-- --mutants 10000] [-- --decoder zstd] [-- --list 20] [-- --record] [-- --python /usr/bin/python3]
 *
 * `--record` writes the reference's verdicts on the first mutants into test/golden/fuzz/verdicts.json, for the short form in the tests.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { packageRoot } from "../../pipeline/package.ts";
import { mutantOf, type Seed, seedOf } from "../fuzz/mutants.ts";
import { judge } from "../fuzz/verdict.ts";

const golden = join(packageRoot, "test/golden/fuzz");
const recorded = 60;

/** One GDAL process that judges file after file. */
const openReference = (python: string) => {
  const child = spawn(python, [join(packageRoot, "test/fuzz/reference.py")], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async judge(path: string): Promise<string> {
      child.stdin.write(`${path}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${python} ended at ${path}`);
      return value;
    },
    close: () => child.stdin.end(),
  };
};

interface Tally {
  mutants: number;
  bothRead: number;
  samePixels: number;
  bothBroken: number;
  onlyOurs: number;
  onlyTheirs: number;
  slowest: number;
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      mutants: { type: "string", default: "10000" },
      decoder: { type: "string" },
      list: { type: "string", default: "0" },
      record: { type: "boolean", default: false },
      python: { type: "string", default: "/usr/bin/python3" },
    },
  });
  const names = (await readdir(join(golden, "seeds"))).toSorted();
  const decoders = [...new Set(names.map((name) => name.split("-")[0]!))].filter(
    (name) => values.decoder === undefined || name === values.decoder,
  );
  const folder = await mkdtemp(join(tmpdir(), "swath-fuzz-"));
  const table = new Table({
    head: [
      "decoder",
      "mutants",
      "both read",
      "same pixels",
      "both broken",
      "agree",
      "only we read",
      "only reference",
      "slowest",
      "peak",
    ],
  });
  const verdicts: Record<string, string> = {};
  for (const decoder of decoders) {
    const seeds: Seed[] = [];
    for (const name of names.filter((one) => one.startsWith(`${decoder}-`))) {
      seeds.push(seedOf(name, await readFile(join(golden, "seeds", name))));
    }
    const reference = openReference(values.python);
    const tally: Tally = {
      mutants: 0,
      bothRead: 0,
      samePixels: 0,
      bothBroken: 0,
      onlyOurs: 0,
      onlyTheirs: 0,
      slowest: 0,
    };
    let listed = 0;
    for (let index = 0; index < Number(values.mutants); index++) {
      const seed = seeds[index % seeds.length]!;
      // A name of its own each time: image libraries remember files by name.
      const path = join(folder, `${index}-${seed.name}`);
      await writeFile(path, mutantOf(seed, index));
      const theirs = await reference.judge(path);
      const start = performance.now();
      const ours = await judge(path);
      tally.slowest = Math.max(tally.slowest, performance.now() - start);
      await rm(path);
      tally.mutants++;
      const theyRead = theirs.startsWith("read");
      const isLarge = theirs === "large" || ours.kind === "large";
      const weRead = ours.kind === "read";
      if (isLarge || (theyRead && weRead)) tally.bothRead++;
      else if (!theyRead && !weRead) tally.bothBroken++;
      else if (weRead) tally.onlyOurs++;
      else tally.onlyTheirs++;
      const differs = weRead && theyRead && theirs !== `read ${ours.crc}`;
      if (weRead && theyRead && !differs) tally.samePixels++;
      if ((theyRead !== weRead && !isLarge) || (differs && decoder !== "jpeg")) {
        if (listed++ < Number(values.list))
          console.log(`${seed.name} ${index}: reference ${theirs}, ours ${JSON.stringify(ours)}`);
      }
      const key = seed.name;
      if ((verdicts[key] ?? "").length < recorded)
        verdicts[key] = (verdicts[key] ?? "") + (theyRead ? "r" : theirs === "large" ? "l" : "b");
    }
    reference.close();
    const { mutants, bothRead, samePixels, bothBroken, onlyOurs, onlyTheirs, slowest } = tally;
    const agree = `${((100 * (bothRead + bothBroken)) / mutants).toFixed(2)} %`;
    const peak = `${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`;
    table.push([
      decoder,
      mutants,
      bothRead,
      samePixels,
      bothBroken,
      agree,
      onlyOurs,
      onlyTheirs,
      `${slowest.toFixed(0)} ms`,
      peak,
    ]);
  }
  await rm(folder, { recursive: true });
  if (values.record) {
    await writeFile(join(golden, "verdicts.json"), `${JSON.stringify(verdicts, null, 1)}\n`);
  }
  console.log(table.toString());
  if (decoders.includes("zstd")) {
    console.log(
      "zstd: what only the reference reads has a Huffman stream that does not end where it should; the fast loops of 64-bit libzstd\n" +
        "do not look (RFC 8878, section 4.2.2). Built with -DZSTD_DISABLE_ASM -DHUF_DISABLE_FAST_DECODE it finds the same broken.",
    );
  }
};

await main();
