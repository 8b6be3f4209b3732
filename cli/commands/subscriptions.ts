import Table from "cli-table3";
import { Command } from "commander";
import {
  addSubscription,
  gatewayAtWork,
  listDeadLetters,
  listSubscriptions,
  removeSubscription,
  resendDeadLetters,
  type ShownSubscription,
} from "../../studies/serve/subscriptions.ts";
import { type GatewayFlags, readGatewayPlace } from "../options/gateway-place.ts";
import { plain } from "../text/table.ts";

interface PlaceFlags extends GatewayFlags {
  readonly out: string;
  readonly json?: boolean;
}

interface AddFlags extends PlaceFlags {
  readonly name: string;
  readonly webhook: string;
  readonly secretFile?: string;
  readonly area?: string;
  readonly bbox?: string;
  readonly class?: string;
  readonly minScore: string;
  readonly run?: string;
  readonly satellite?: string;
  readonly from: string;
  readonly rate?: string;
  readonly attempts?: string;
  readonly allowPrivate?: boolean;
}

const placeOf = (flags: PlaceFlags) => gatewayAtWork(readGatewayPlace(flags), flags.out);

const withPlace = (command: Command): Command =>
  command
    .option("--gateway <url>", "swath serve to ask (default: the one that serves the run folder)")
    .option("--token-file <file>", "login token for that gateway")
    .option("--out <folder>", "run folder that it serves", "runs")
    .option("--json", "print JSON");

const namesOf = (text: string | undefined): readonly string[] | null =>
  text === undefined ? null : text.split(",").map((one) => one.trim());

const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

const rowsOf = (head: readonly string[], rows: readonly (readonly string[])[]): void => {
  const table = new Table({
    head: [...head],
    ...plain,
  });
  for (const row of rows) table.push([...row]);
  console.log(table.toString().replace(/ +$/gm, ""));
};

const stateOf = ({ failing_since, last_failure, next_try }: ShownSubscription): string => {
  if (failing_since !== null)
    return `failing since ${failing_since}: ${last_failure ?? ""}${next_try === null ? "" : `; next try ${next_try}`}`;
  return last_failure ?? "well";
};

const add = async (flags: AddFlags): Promise<void> => {
  const made = await addSubscription(placeOf(flags), {
    name: flags.name,
    webhook: flags.webhook,
    secretFile: flags.secretFile ?? null,
    areaFile: flags.area ?? null,
    box: flags.bbox ?? null,
    classes: namesOf(flags.class),
    minScore: flags.minScore,
    run: flags.run ?? null,
    satellites: namesOf(flags.satellite),
    from: flags.from,
    rate: flags.rate ?? null,
    attempts: flags.attempts ?? null,
    allowPrivate: flags.allowPrivate === true,
  });
  if (flags.json === true) printJson(made);
  else
    console.log(`${made.name} calls ${made.webhook}${made.signed ? "" : ", unsigned: --secret-file signs"}`);
};

const list = async (flags: PlaceFlags): Promise<void> => {
  const all = await listSubscriptions(placeOf(flags));
  if (flags.json === true) printJson(all);
  else if (all.length === 0) console.log("no subscriptions");
  else {
    const rows = all.map((one) => [
      one.name,
      one.webhook,
      `${one.delivered}`,
      `${one.dead_letters}`,
      stateOf(one),
    ]);
    rowsOf(["name", "webhook", "delivered", "dead letters", "state"], rows);
  }
};

const showLetters = async (name: string, flags: PlaceFlags): Promise<void> => {
  const letters = await listDeadLetters(placeOf(flags), name);
  if (flags.json === true) printJson(letters);
  else if (letters.length === 0) console.log("no dead letters");
  else {
    const rows = letters.map(({ id, given_up_at, attempts, reason }) => [
      id,
      given_up_at,
      `${attempts}`,
      reason,
    ]);
    rowsOf(["detection", "given up at", "tries", "why"], rows);
  }
};

/** `swath subscriptions`: webhooks of a gateway. */
export const subscriptionsCommand = (): Command => {
  const command = new Command("subscriptions").description(
    "Webhooks that a gateway (swath serve) calls for detections",
  );
  command.addCommand(
    withPlace(
      new Command("add")
        .description("Call a webhook for every detection that fits: CloudEvents 1.0, signed, tried again")
        .requiredOption("--name <name>", "what it is called")
        .requiredOption("--webhook <url>", "where to POST")
        .option("--secret-file <file>", "signs calls with HMAC-SHA256, as Standard Webhooks has it")
        .option("--area <file>", "GeoJSON polygons: only centres inside")
        .option("--bbox <west,south,east,north>", "only centres inside, degrees")
        .option("--class <names>", "only these classes, with commas between")
        .option("--min-score <score>", "only scores from here on", "0")
        .option("--run <id>", "only this run, or only <run>-<policy> (default: all)")
        .option("--satellite <names>", "only these satellites, with commas between; * stands for any letters")
        .option("--from <when>", "start, now, a time, a number or a cursor", "now")
        .option("--rate <n/s>", "at most this rate, such as 10/s or 100/min: the rest comes later")
        .option(
          "--attempts <n>",
          "tries before a detection goes to the dead letters (default: 16, in 67 minutes)",
        )
        .option("--allow-private", "the webhook may lie in a private network"),
    )
      .addHelpText(
        "after",
        "\nExample:\n  $ swath subscriptions add --name port-watch --bbox=3,50,5,53 --class ship --min-score 0.6 --webhook https://hooks.example/ships --secret-file hook.key",
      )
      .action(add),
  );
  command.addCommand(
    withPlace(new Command("list").description("Show all, and how they fare"))
      .addHelpText("after", "\nExample:\n  $ swath subscriptions list")
      .action(list),
  );
  command.addCommand(
    withPlace(new Command("remove").description("End one; its dead letters go too").argument("<name>"))
      .addHelpText("after", "\nExample:\n  $ swath subscriptions remove port-watch")
      .action(async (name: string, flags: PlaceFlags) => removeSubscription(placeOf(flags), name)),
  );
  command.addCommand(
    withPlace(new Command("dead-letters").description("Show what a webhook did not take").argument("<name>"))
      .addHelpText("after", "\nExample:\n  $ swath subscriptions dead-letters port-watch")
      .action(showLetters),
  );
  command.addCommand(
    withPlace(new Command("resend").description("Send its dead letters once more").argument("<name>"))
      .addHelpText("after", "\nExample:\n  $ swath subscriptions resend port-watch")
      .action(async (name: string, flags: PlaceFlags) => {
        const { sent, left } = await resendDeadLetters(placeOf(flags), name);
        if (flags.json === true) printJson({ sent, left });
        else console.log(`${sent} taken, ${left} left`);
        if (left > 0) process.exitCode = 1;
      }),
  );
  return command;
};
