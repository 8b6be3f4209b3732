import { Command } from "commander";
import { canonicalText } from "../../pipeline/canonical-json.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { formatCount, formatCountOf } from "../../pipeline/format.ts";
import { type Diagnosis, diagnose } from "../../studies/doctor/doctor.ts";
import { addOptions } from "../options/command-options.ts";
import { connectionOptions, connectionOptionsFor } from "../../studies/options/nats-options.ts";
import { readOptions, type Written } from "../../studies/options/option.ts";
import { interruptible } from "../interrupt.ts";

interface DoctorFlags extends Written<typeof connectionOptions> {
  readonly out: string;
  readonly model: string;
  readonly json?: boolean;
}

const marks: Readonly<Record<Diagnosis["state"], string>> = { works: "✓", doubtful: "!", fails: "✕" };

const nameWidth = 14;

const line = ({ name, state, says, hint }: Diagnosis): string => {
  const said = `${marks[state]} ${name.padEnd(nameWidth)}${says}`;
  return hint === undefined ? said : `${said}\n${" ".repeat(nameWidth + 2)}→ ${hint}`;
};

const look = async ({ out, model, json, ...server }: DoctorFlags): Promise<void> =>
  interruptible(async (signal) => {
    const found: Diagnosis[] = [];
    const request = { ...readOptions(connectionOptions, server), out, model };
    for await (const diagnosis of diagnose(request, signal)) {
      found.push(diagnosis);
      if (json !== true) console.log(line(diagnosis));
    }
    if (json === true) process.stdout.write(canonicalText(found));
    const failing = found.filter(({ state }) => state === "fails");
    if (failing.length > 0) {
      throw new SwathError("storage", {
        what: `a run would fail: ${formatCount(failing.length)} of ${formatCountOf(found.length, "check")} do`,
        got: failing.map(({ name }) => name).join(", "),
      });
    }
  });

/** `swath doctor`: what would fail, and how to mend it. */
export const doctorCommand = (): Command =>
  addOptions(
    new Command("doctor").description(
      "Look at all that a run needs (server, permissions, limits, disks, model) and say what would fail",
    ),
    connectionOptionsFor("the NATS that runs would use; a private server is tried without"),
  )
    .option("--out <folder>", "where run folders would go", "runs")
    .option("--model <model>", "the model that is opened", "ships-s2")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ swath doctor\n  $ swath doctor --nats nats://10.0.0.5:4222 --creds swath.creds",
    )
    .action(look);
