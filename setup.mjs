// Makes a fresh clone ready to run: packages, nats-server, build. Needs Node alone; skips what is there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const say = (text) => console.log(`setup: ${text}`);

const fail = (text) => {
  console.error(`setup: ${text}`);
  process.exit(1);
};

const run = (command, args, options = {}) => {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  return error === undefined && status === 0;
};

/** Debian puts nats-server into /usr/sbin, which an ordinary user's PATH lacks. */
const serverFolders = [
  ...(process.env.PATH ?? "").split(delimiter),
  "/usr/sbin",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/opt/homebrew/bin",
];
const findProgram = (name) =>
  serverFolders.map((folder) => join(folder, name)).find((path) => existsSync(path));

const checkNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node.js is too old: wanted ≥ 20.19, got ${process.versions.node}`);
  }
};

const installPackages = () => {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "npm-shrinkwrap.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".swath-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("installing the packages of npm-shrinkwrap.json (npm ci)");
  if (!run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]))
    fail("npm ci failed");
  writeFileSync(stamp, wanted);
  offerInflate();
};

/** Commands that `apt-get` may run as, or none: root itself, or a sudo that asks nothing. */
const quietRoot = () => {
  if (process.getuid?.() === 0) return [];
  return findProgram("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0
    ? ["sudo", "-n"]
    : null;
};

const apt = (sudo, ...args) => {
  const [command, ...rest] = [
    ...sudo,
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-q",
    "-y",
    ...args,
  ];
  return run(command, rest, { stdio: ["inherit", "ignore", "inherit"] });
};

const installServer = () => {
  if (findProgram("nats-server")) return;
  if (findProgram("apt-get")) {
    const sudo = process.getuid?.() === 0 ? [] : ["sudo"];
    say("installing nats-server (apt-get install nats-server)");
    if (!apt(sudo, "install", "nats-server")) {
      say("refreshing the package lists first (apt-get update)");
      if (!apt(sudo, "update") || !apt(sudo, "install", "nats-server"))
        fail("apt-get could not install nats-server");
    }
  } else if (findProgram("brew")) {
    say("installing nats-server (brew install nats-server)");
    if (!run("brew", ["install", "nats-server"])) fail("brew could not install nats-server");
  } else {
    fail(
      "nats-server is missing and neither apt-get nor brew is here: install it from https://nats.io/download",
    );
  }
  if (!findProgram("nats-server")) fail("nats-server was installed but is not on PATH");
};

/** What only tests use: the program that shows it is there, and Debian's package. */
const testPrograms = [
  ["chromium", "chromium"],
  ["ogrinfo", "gdal-bin"],
  ["mosquitto_sub", "mosquitto-clients"],
];

/** Rasters that are compressed with deflate take about a tenth less CPU with it; everything works without. */
const offerInflate = () => {
  const folders = existsSync("/usr/lib")
    ? readdirSync("/usr/lib").filter((name) => name.endsWith("linux-gnu"))
    : [];
  const isThere = (name) => folders.some((folder) => existsSync(join("/usr/lib", folder, name)));
  if (folders.length > 0 && !isThere("libisal.so.2") && !isThere("libdeflate.so.0"))
    say("deflate is decoded faster with ISA-L, if you like: apt-get install libisal2");
};

/** Clients that tests hold the gateway and the pages against. Where they cannot be had, those tests are skipped by name. */
const installTestPrograms = () => {
  const missing = testPrograms.filter(([program]) => !findProgram(program));
  const sudo = findProgram("apt-get") ? quietRoot() : null;
  for (const [program, name] of missing) {
    const install = () =>
      sudo !== null && apt(sudo, "install", "--no-install-recommends", "-o", "Acquire::Retries=0", name);
    if (sudo !== null) say(`installing ${name} for the tests (apt-get install ${name})`);
    if (!install()) say(`${program} is not here: the tests that use it are skipped (Debian: ${name})`);
  }
};

const sourceFolders = [
  "pipeline",
  "datasets",
  "models",
  "operators",
  "measure",
  "planning",
  "stations",
  "studies",
  "cli",
  "test/bench",
];

const newest = (folder, ending = /\.ts$/) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);

const build = () => {
  const stamp = join(root, "dist", ".built");
  const sources = Math.max(
    ...sourceFolders
      .map((folder) => join(root, folder))
      .filter(existsSync)
      .map((folder) => newest(folder, /\.(ts|mjs)$/)),
    statSync(join(root, "tsconfig.json")).mtimeMs,
    statSync(join(root, "tsconfig.build.json")).mtimeMs,
  );
  if (existsSync(stamp) && statSync(stamp).mtimeMs > sources) return;
  say("compiling (tsc)");
  if (!run("npx", ["--no-install", "tsc", "-p", "tsconfig.build.json"])) fail("the build failed");
  if (!run(process.execPath, [join("cli", "bundle.mjs")])) fail("the commands could not be bundled");
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, "");
};

const bundleConsole = () => {
  const page = join(root, "dist", "console", "index.html");
  const sources = Math.max(
    ...["console", "pipeline"].map((folder) => newest(join(root, folder), /\.(tsx?|css|html|mjs)$/)),
    ...["npm-shrinkwrap.json"].map((file) => statSync(join(root, file)).mtimeMs),
  );
  if (existsSync(page) && statSync(page).mtimeMs > sources) return;
  say("bundling the console (rolldown)");
  if (!run(process.execPath, [join("console", "bundle.mjs")])) fail("the console could not be bundled");
};

checkNode();
installPackages();
installServer();
if (process.argv.includes("--tests")) installTestPrograms();
build();
bundleConsole();
