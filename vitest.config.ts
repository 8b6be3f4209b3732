import { defineConfig } from "vitest/config";

/** They replace modules, start processes that take the machine's ports and folders, or weigh the memory of their process: each has one of its own. */
const alone = [
  ...["examples", "integration", "cli", "fuzz", "cases"].map((room) => `test/${room}/**/*.test.ts`),
  "test/datasets/decoding/decode-pool.test.ts",
  "test/datasets/geotiff/mutation.test.ts",
];

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
