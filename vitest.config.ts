import { defineConfig } from "vitest/config";

/** They replace modules, or start processes that take the machine's ports and folders: each has a process of its own. */
const alone = ["test/examples/**/*.test.ts", "test/integration/**/*.test.ts", "test/cli/**/*.test.ts"];

export default defineConfig({
  test: {
    setupFiles: ["test/property-seed.ts"],
    globalSetup: ["test/leftovers.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "alone", include: alone } },
      // What is loaded once serves the files that follow: reading it again for each was a fifth of the whole.
      {
        extends: true,
        test: { name: "rooms", include: ["test/**/*.test.ts"], exclude: alone, isolate: false },
      },
    ],
  },
});
