// Prints the bill of materials of the package (CycloneDX, JSON): what is installed with it, and what it may fetch.
// `npm sbom --omit=dev` drops what a development package wants too, so what is for development alone is left out here.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const { stdout, status } = spawnSync("npm", ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"], {
  encoding: "utf8",
  maxBuffer: 1e8,
  stdio: ["ignore", "pipe", "inherit"],
});
if (status !== 0) process.exit(1);
const bill = JSON.parse(stdout);
const { packages } = JSON.parse(readFileSync("npm-shrinkwrap.json", "utf8"));
const shipped = new Set(
  Object.entries(packages)
    .filter(([path, { dev }]) => path !== "" && dev !== true)
    .map(([path, { version }]) => `${path.slice(path.lastIndexOf("node_modules/") + 13)}@${version}`),
);
const { name } = JSON.parse(readFileSync("package.json", "utf8"));
const components = bill.components.filter((one) => shipped.has(one["bom-ref"]));
const kept = new Set([bill.metadata.component["bom-ref"], ...components.map((one) => one["bom-ref"])]);
const dependencies = bill.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((to) => kept.has(to)) }));
const component = { ...bill.metadata.component, name };
const metadata = { ...bill.metadata, component };
console.log(JSON.stringify({ ...bill, metadata, components, dependencies }, null, 2));
