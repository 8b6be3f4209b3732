import { once } from "node:events";
import { Command } from "commander";
import { SwathError } from "../../pipeline/errors.ts";
import { parseDuration, parseWhole } from "../../pipeline/quantity.ts";
import { openServer } from "../../studies/serve/serve.ts";
import { addOptions } from "../options/command-options.ts";
import { connectionOptions, connectionOptionsFor } from "../../studies/options/nats-options.ts";
import { readOptions, type Written } from "../../studies/options/option.ts";
import { untilStopped } from "../interrupt.ts";

interface ServeFlags extends Written<typeof connectionOptions> {
  readonly host: string;
  readonly port: string;
  readonly runs: string;
  readonly cors?: readonly string[];
  readonly loginFor: string;
}

/** Scheme, host and port, as browsers say them. */
const readOrigin = (text: string): string => {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new SwathError("config", {
    what: "--cors",
    wanted: "an origin such as https://map.example",
    got: `"${text}"`,
    field: "cors",
  });
};

/** `swath serve`: the console and the API over runs, finished and at work. */
export const serveCommand = (): Command =>
  addOptions(
    new Command("serve")
      .description("Serve runs, finished and at work: the console and the API for subscribers")
      .option(
        "--host <address>",
        "where to listen; beyond this machine everything needs the login",
        "127.0.0.1",
      )
      .option("--port <n>", "0 takes any free one", "4280")
      .option("--runs <folder>", "folder of runs", "runs")
      .option("--cors <origins...>", "let pages of these origins ask, e.g. https://map.example")
      .option("--login-for <duration>", "how long the login holds", "12h"),
    connectionOptionsFor("NATS of runs at work (default: a swath command at work on this machine)"),
  )
    .addHelpText(
      "after",
      `
Ctrl-C ends it. Reading is open to programs on this machine; what changes something needs the login.

Examples:
  $ swath serve
  $ swath serve --runs results --port 8080
  $ swath serve --host 0.0.0.0 --nats nats://10.0.0.5:4222`,
    )
    .action(async (flags: ServeFlags) => {
      const request = {
        host: flags.host,
        port: parseWhole("--port", flags.port, 0, 65_535),
        runs: flags.runs,
        ...readOptions(connectionOptions, flags),
        origins: (flags.cors ?? []).map(readOrigin),
        loginValid: parseDuration("--login-for", flags.loginFor),
      };
      await untilStopped(async (signal) => {
        const note = (text: string): void => console.error(`swath: ${text}`);
        await using server = await openServer(request, { note });
        console.log(`console and API  ${server.url}\nlog in           ${server.loginUrl}`);
        if (!signal.aborted) await once(signal, "abort");
      });
    });
