import { homedir } from "node:os";
import { CommanderError, type Command } from "commander";
import { isSwathError, messageOf, SwathError } from "../pipeline/errors.ts";
import { forTerminal, printable, type Styles } from "../pipeline/printable.ts";
import { Interruption, leave, prepareToStop } from "./interrupt.ts";
import { shortageText } from "./system-shortage.ts";
import { swathProgram } from "./program.ts";
import { shownPaths } from "./text/shown-path.ts";

/** Commander sets these per command; all of ours shall throw instead of ending the process on their own. */
const throwing = (command: Command): void => {
  command.exitOverride();
  for (const child of command.commands) throwing(child);
};

/** 0 done, 1 failed, 2 wrong use, 128 and the signal when interrupted. */
const exitCodeOf = (error: unknown): number => {
  if (error instanceof Interruption) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return isSwathError(error, "config") ? 2 : 1;
};

/** Names in what is printed come from strangers: what would steer the terminal is written out, in this one place. */
const guard = (stream: NodeJS.WriteStream, onTerminal: Styles, shown = (text: string) => text): void => {
  const write = stream.write.bind(stream) as (data: unknown, ...rest: unknown[]) => boolean;
  const allowed = stream.isTTY ? onTerminal : "plain";
  const guarded = (data: unknown, ...rest: unknown[]): boolean =>
    write(typeof data === "string" ? forTerminal(shown(data), allowed) : data, ...rest);
  stream.write = guarded as typeof stream.write;
};
guard(process.stdout, "bold");
// Where we are and who we are is no news to the reader, and none of a log's business.
const [here, home] = [process.cwd(), homedir()];
guard(process.stderr, "progress", (text) => shownPaths(text, here, home));

const report = (error: unknown): void => {
  if (error instanceof CommanderError) return; // It has said it already.
  const isTold = error instanceof SwathError || error instanceof Interruption;
  const shortage = isTold ? null : shortageText(error);
  console.error(`swath: ${printable(shortage ?? messageOf(error))}`);
  if (isTold || shortage !== null) return;
  console.error("this is a bug of Swath: please report it with the command");
  if (error instanceof Error) console.error(error.stack);
};

/** Writing into a pipe whose reader has gone (`| head`) is no failure. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

/** Nobody looks at the progress any more: the work goes on. */
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

prepareToStop();
const program = await swathProgram(process.argv[2]);
throwing(program);
try {
  await program.parseAsync();
} catch (error) {
  report(error);
  // Whoever is interrupted has cleaned up by now. A decoder may still be at a block that nobody wants: it is not waited for.
  if (error instanceof Interruption) await leave(error.exitCode);
  process.exitCode = exitCodeOf(error);
}
