// Bundles the console for browsers into dist/console/: one script, one style sheet, the base map, and the page that names them.
// Rolldown (what Vite 8 bundles with) is called by itself: one entry needs no plug-in, and its binary comes without an install script.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = process.argv[2] ?? join(root, "dist", "console");
const assets = join(out, "assets");

/** Files are named by their content, so that a server may let browsers keep them for good. */
const writeAsset = (stem, ending, content) => {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const name = `${stem}-${hash}.${ending}`;
  writeFileSync(join(assets, name), content);
  return `assets/${name}`;
};

/** satellite.js exports a WebAssembly build beside SGP4 itself; it wants Node's modules and is never called. */
const withoutWasm = {
  name: "without-wasm",
  load: (id) => (id.endsWith("satellite.js/dist/wasm/index.js") ? "export {};" : null),
};

const bundleScript = async () => {
  const bundle = await rolldown({
    input: join(here, "page.tsx"),
    platform: "browser",
    // A module of Node would be left to the browser with a warning: here it ends the build.
    onLog: (level, log) => {
      if (level === "warn") throw new Error(`console: ${log.message}`);
    },
    transform: {
      jsx: { runtime: "automatic", importSource: "preact" },
      define: { "process.env.NODE_ENV": '"production"' },
    },
    tsconfig: false,
    plugins: [withoutWasm],
  });
  const { output } = await bundle.generate({ format: "esm", minify: true, codeSplitting: false });
  await bundle.close();
  if (output.length !== 1) throw new Error(`console: wanted one script, got ${output.length} files`);
  return output[0].code;
};

/** The phone's rules come last: they take back what the desktop's say. */
const joinStyles = () =>
  readdirSync(join(here, "style"))
    .filter((name) => name.endsWith(".css"))
    .sort((a, b) => (a === "phone.css") - (b === "phone.css") || a.localeCompare(b))
    .map((name) => readFileSync(join(here, "style", name), "utf8"))
    .join("\n")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s*\n\s*/g, "\n");

const landFile = (scale) => readFileSync(join(root, "node_modules", "world-atlas", `land-${scale}.json`));

const script = await bundleScript();
rmSync(out, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });
const names = {
  script: writeAsset("page", "js", script),
  style: writeAsset("page", "css", joinStyles()),
  coarseLand: writeAsset("land-110m", "json", landFile("110m")),
  fineLand: writeAsset("land-50m", "json", landFile("50m")),
};
const page = readFileSync(join(here, "index.html"), "utf8").replaceAll(
  /\{(\w+)\}/g,
  (_, name) => names[name],
);
writeFileSync(join(out, "index.html"), page);
