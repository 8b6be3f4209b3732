import { statSync } from "node:fs";
import { connectBus, type Bus, type BusOptions } from "../../pipeline/bus/connection.ts";
import { openControlKeys } from "../keys/node-buses.ts";
import { guardOf, loginOf, openNodeKeys } from "../keys/node-keys.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { tellRefusals } from "../../pipeline/mission/refusal.ts";
import { seconds } from "../../pipeline/units.ts";
import type { Notes } from "../progress.ts";
import type { OptionValues } from "../options/option.ts";
import { connectionOptions } from "../options/nats-options.ts";

/** The options by which a user's NATS is reached, read. */
export type ConnectionValues = OptionValues<typeof connectionOptions>;

/** A server that is there, and what is said of the way to it. */
export type NatsPlace = Partial<ConnectionValues> & { readonly nats: string };

/** Who hears what is waited for, and who ends the waiting. */
export interface Waiting {
  readonly progress: Notes;
  readonly signal?: AbortSignal;
}

/** What `--wait` is where nobody says. */
const usualWait = seconds(600);

/** Where secrets may stand that no command line may hold. */
type Environment = Readonly<Record<string, string | undefined>>;

const given = <Name extends string>(name: Name, value: string | null | undefined) =>
  (value === null || value === undefined || value === "" ? {} : { [name]: value }) as {
    [K in Name]?: string;
  };

/** How the server that the options mean is reached, by a client of this name. Throws `SwathError("config")`. */
export const busOptionsOf = (
  values: NatsPlace,
  name: string,
  environment: Environment = process.env,
): BusOptions => {
  return {
    url: values.nats,
    name,
    ...given("creds", values.creds),
    ...given("nkey", values.nkey),
    ...given("login", values.login),
    ...given("user", environment["SWATH_NATS_USER"]),
    ...given("password", environment["SWATH_NATS_PASSWORD"]),
    ...given("token", environment["SWATH_NATS_TOKEN"]),
    ...given("ca", values.ca),
    ...given("cert", values.cert),
    ...given("certKey", values.certKey),
    ...given("domain", values.jsDomain),
    ...given("inboxPrefix", values.inbox),
    storage: {
      replicas: values.replicas ?? 1,
      linkReplicas: values.linkReplicas ?? null,
      maxBytes: values.streamBytes ?? null,
    },
  };
};

/** What is taken from a server of a command at work, which knows no keys: with keys, what is signed by whom it must be. */
export const keysGuard = (
  path: string | null | undefined,
  note: Notes["note"],
): Pick<BusOptions, "guard"> => {
  const { guard } = keysLogin(path, note);
  return guard === undefined ? {} : { guard };
};

/**
 * The login of a key file, or of mission control in a folder of keys; what comes over that connection is taken only where it is signed by whom it must be, and what is
 * not is told to `note`.
 */
export const keysLogin = (path: string | null | undefined, note: Notes["note"]): Partial<BusOptions> => {
  if (path === null || path === undefined) return {};
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const keys = isFolder ? openControlKeys(path) : openNodeKeys(path);
  return { ...loginOf(keys), guard: guardOf(keys, tellRefusals(note)) };
};

/**
 * Connects to the server that the options mean, and puts up with what may pass for as long as `--wait` says; `more` goes before what the options
 * say. Throws `SwathError("config")` and `SwathError("bus")`.
 */
export const connectTo = async (
  values: NatsPlace,
  name: string,
  { progress, signal }: Waiting,
  more: Partial<BusOptions> = {},
): Promise<Bus> => {
  const { note } = progress;
  const patience = { wait: values.wait ?? usualWait, note, ...(signal === undefined ? {} : { signal }) };
  return connectBus({ ...busOptionsOf(values, name), ...keysLogin(values.keys, note), patience, ...more });
};

/** Connects for a single question: what fails is told at once. Throws `SwathError("config")` and `SwathError("bus")`. */
export const connectOnce = async (
  values: NatsPlace,
  name: string,
  more: Partial<BusOptions> = {},
): Promise<Bus> =>
  connectBus({ ...busOptionsOf(values, name), ...keysLogin(values.keys, () => undefined), ...more });

/** Refuses options of a connection where there is none: a private server needs no login. Throws `SwathError("config")`. */
export const requireServer = (values: ConnectionValues): void => {
  if (values.nats !== null) return;
  const { creds, nkey, login, ca, cert, certKey, jsDomain, inbox } = values;
  const asked = Object.entries({
    creds,
    nkey,
    login,
    ca,
    cert,
    "cert-key": certKey,
    "js-domain": jsDomain,
    inbox,
  });
  const field = asked.find(([, value]) => value !== null)?.[0];
  if (field === undefined) return;
  throw new SwathError("config", {
    what: `--${field}`,
    wanted: "--nats URL beside it",
    got: "none",
    hint: field === "creds" ? "a private server needs no credentials" : "a private server needs none of it",
    field,
  });
};
