// Bundles the commands into dist/bin/: our thousand modules become some thirty files, and a command starts in half the time.
// Packages stay what they are, in node_modules. Workers and the library use the single modules that tsc writes.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(dirname(here), "dist", "bin");

/** Lowered `using` needs a helper of the compiler: that one is ours to carry. */
const isPackage = (id) => !/^[./]/.test(id) && !id.startsWith("@oxc-project/runtime");

const bundle = await rolldown({
  input: { swath: join(here, "main.ts"), "stop-watch-worker": join(here, "stop-watch-worker.ts") },
  platform: "node",
  external: isPackage,
  transform: { target: "node20" },
  onLog: (level, log) => {
    if (level === "warn") throw new Error(`cli: ${log.message}`);
  },
});
rmSync(out, { recursive: true, force: true });
await bundle.write({ dir: out, format: "esm", chunkFileNames: "[name]-[hash].js" });
await bundle.close();
