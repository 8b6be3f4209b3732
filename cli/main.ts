#!/usr/bin/env node

/** What a machine without room for the program's own files says, before any of ours can say it better. */
const shortages: Readonly<Record<string, string>> = {
  EMFILE: "too few open files are allowed: ulimit -n 1024, or more",
  ENFILE: "this machine has no file handles left: end other programs",
  ENOMEM: "this machine has no memory left: end other programs",
  EACCES: "its own files cannot be read: install it again, or ask who did",
  ERR_MODULE_NOT_FOUND:
    "its packages are not all there (npm run setup, or install it again), or too few open files are allowed (ulimit -n 1024)",
};

try {
  await import("./run-program.ts");
} catch (error) {
  const hint = shortages[(error as NodeJS.ErrnoException).code ?? ""];
  if (hint === undefined) throw error;
  console.error(`swath: cannot start: ${(error as Error).message.split("\n")[0]}; ${hint}`);
  process.exitCode = 1;
}
