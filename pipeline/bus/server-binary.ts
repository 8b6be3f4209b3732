import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { SwathError } from "../errors.ts";

/** Where package managers put it when it is not on the PATH: Debian, by hand, Homebrew. */
const usualFolders = [
  "/usr/sbin",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/opt/homebrew/bin",
  "/opt/homebrew/sbin",
];

/** The `nats-server` to start: first on `path` (as in `PATH`), then in the usual folders. Throws `SwathError` ("bus"). */
export const findNatsServer = (path: string, folders: readonly string[] = usualFolders): string => {
  for (const folder of [...path.split(delimiter).filter(Boolean), ...folders]) {
    const file = join(folder, "nats-server");
    if (isExecutable(file)) return file;
  }
  throw new SwathError("bus", {
    what: "nats-server is not installed",
    wanted: `nats-server on the PATH or in ${folders.join(", ")}`,
    hint: "apt-get install nats-server, brew install nats-server, or join a running one with --nats URL",
  });
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
