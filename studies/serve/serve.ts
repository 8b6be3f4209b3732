import { existsSync } from "node:fs";
import { join } from "node:path";
import { isLoopbackHost } from "../../stations/gateway/access.ts";
import { openGateway, usualLogin, type Gateway } from "../../stations/gateway/gateway.ts";
import { messageOf } from "../../pipeline/errors.ts";
import type { Seconds } from "../../pipeline/units.ts";
import { packageRoot } from "../../pipeline/package.ts";
import type { ConnectionValues } from "../inputs/nats-connection.ts";
import type { Notes } from "../progress.ts";
import { openDetectionFeed } from "./detection-feed.ts";
import { facesOf } from "./faces.ts";
import { bothCatalogues, heardFolder } from "./heard-records.ts";
import { announceGateway } from "./live-gateway.ts";
import { runArchive, withHeard } from "./run-archive.ts";
import { runFolders } from "./run-folders.ts";
import { lockState, openSecret } from "./state-folder.ts";
import { startWebhooks } from "./webhooks.ts";

/** What is served, and where. */
export interface ServeRequest extends Partial<ConnectionValues> {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Folder of finished runs; what the gateway keeps lies there too. */
  readonly runs: string;
  /** NATS of runs at work; `null`: that of a command which writes to `runs`, if one is at work. */
  readonly nats: string | null;
  /** Foreign origins whose pages may ask. */
  readonly origins: readonly string[];
  /** How long the login holds; `null`: 12 h. */
  readonly loginValid: Seconds | null;
}

const builtPage = (): string | null => {
  const folder = join(packageRoot, "dist", "console");
  return existsSync(join(folder, "index.html")) ? folder : null;
};

/** No timer of Node waits longer; ms. */
const longestTimer = 2 ** 31 - 1;

/**
 * Says a new login link before the last one runs out, and leaves its token for commands of this machine: a server that runs for weeks
 * has a way in at any time.
 */
const renewLogin = (
  gateway: Gateway,
  valid: Seconds,
  announce: (token: string) => Promise<AsyncDisposable>,
  { note }: Notes,
): AsyncDisposable => {
  let announced: Promise<AsyncDisposable | null> = Promise.resolve(null);
  const renew = (): void => {
    const { token, loginUrl } = gateway.newLogin();
    note(`the login link runs out soon; a new one: ${loginUrl}`);
    announced = announce(token).catch((error: unknown) => {
      note(messageOf(error));
      return null;
    });
  };
  const timer = setInterval(renew, Math.min(longestTimer, valid * 750)).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await (await announced)?.[Symbol.asyncDispose]();
    },
  };
};

/**
 * Starts the gateway over a folder of runs and a NATS; dispose of it to stop it. Throws `SwathError`: "config" where it cannot listen,
 * "storage" where it cannot write or another gateway does, "bus" where the NATS that was named does not answer.
 */
export const openServer = async (request: ServeRequest, { note }: Notes): Promise<Gateway> => {
  const { host, port, runs, origins, loginValid } = request;
  const secret = await openSecret(runs);
  const opened: AsyncDisposable[] = [await lockState(runs)];
  // The last that was opened is closed first: nobody is answered from what is closed.
  const close = async (): Promise<void> => {
    for (let one = opened.pop(); one !== undefined; one = opened.pop()) await one[Symbol.asyncDispose]();
  };
  const keep = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  try {
    const feed = keep(await openDetectionFeed(request, { note }));
    const archive = withHeard(runArchive(runs, { note }), feed.journal);
    await archive.refresh();
    const isLoopback = isLoopbackHost(host);
    const webhooks = keep(startWebhooks(runs, feed, isLoopback, { note }));
    const faces = facesOf({
      runs:
        request.nats === null
          ? runFolders(runs)
          : bothCatalogues(runFolders(runs), runFolders(heardFolder(runs))),
      archive,
      feed,
      webhooks,
      isLoopback,
      page: builtPage(),
      note,
    });
    const valid = loginValid ?? usualLogin;
    const gateway = keep(await openGateway({ host, port, faces, secret, origins, note, loginValid: valid }));
    // Whoever listens everywhere is found on this machine.
    const url = gateway.url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
    keep(await announceGateway(runs, { url, token: gateway.token }));
    keep(renewLogin(gateway, valid, (token) => announceGateway(runs, { url, token }), { note }));
    return { ...gateway, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
};
