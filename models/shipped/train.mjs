// `npm run models:train <name>`: runs models/shipped/<name>/train.py with Debian's Python, which has torch and rasterio.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const recipeOf = (name) => join(folder, name, "train.py");
const [name = "", ...rest] = process.argv.slice(2);

if (!/^[A-Za-z0-9_-]+$/.test(name) || !existsSync(recipeOf(name))) {
  const known = readdirSync(folder).filter((entry) => existsSync(recipeOf(entry)));
  console.error(
    `usage: npm run models:train <name> -- [options of its train.py]\nnames: ${known.join(", ")}`,
  );
  process.exit(2);
}

const python = process.env["SWATH_PYTHON"] ?? "/usr/bin/python3";
const recipe = spawn(python, [recipeOf(name), ...rest], { stdio: "inherit" });
recipe.on("error", (error) => {
  console.error(
    `cannot run ${python}: ${error.message}; install python3-torch and python3-rasterio, or set SWATH_PYTHON`,
  );
  process.exit(1);
});
recipe.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
