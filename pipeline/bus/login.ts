import { credsAuthenticator, nkeyAuthenticator } from "@nats-io/transport-node";
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import { SwathError } from "../errors.ts";
import { readSecretFile } from "../secret-file.ts";
import type { ServerAddress } from "./server-address.ts";

/** How somebody proves to a server who they are; at most one of them. Files are refused where everybody may read them. */
export interface LoginOptions {
  /** File of credentials: a JWT and the seed of its key. */
  readonly creds?: string;
  /** File with the seed of an nkey, `SU…`. */
  readonly nkey?: string;
  /** File with a user on the first line and the password on the second. */
  readonly login?: string;
  /** From the environment. */
  readonly user?: string;
  /** Of `user`. */
  readonly password?: string;
  readonly token?: string;
}

type Login = Pick<NodeConnectionOptions, "authenticator" | "user" | "pass" | "token">;

const twoOf = (names: readonly string[]): SwathError =>
  new SwathError("config", { what: "the login at NATS", wanted: "one", got: names.join(" and ") });

/** When a JWT begins and ceases to hold, seconds since 1970; nothing where it does not say, or is none. */
const spanOf = (creds: string): { readonly from: number | null; readonly to: number | null } => {
  const body = /-----BEGIN NATS USER JWT-----\s+[\w-]+\.([\w-]+)\.[\w-]+/.exec(creds)?.[1];
  try {
    const claims: unknown = JSON.parse(Buffer.from(body ?? "", "base64url").toString());
    const timeOf = (key: string): number | null => {
      const value = (claims as Readonly<Record<string, unknown>> | null)?.[key];
      return typeof value === "number" ? value : null;
    };
    return { from: timeOf("nbf"), to: timeOf("exp") };
  } catch {
    return { from: null, to: null }; // The server says what is wrong with it.
  }
};

/** Refuses credentials out of their time, which a server refuses without a reason: it is often the clock that is wrong. */
const requireInTime = (path: string, creds: string, now: number): void => {
  const { from, to } = spanOf(creds);
  const iso = (time: number): string => new Date(time * 1000).toISOString();
  const refuse = (what: string): never => {
    throw new SwathError("bus", {
      what: `NATS credentials ${path} ${what}`,
      got: `${iso(now)} by the clock of this machine`,
      hint: "set the clock, or ask for new credentials",
    });
  };
  if (to !== null && now > to) refuse(`ceased to hold at ${iso(to)}`);
  if (from !== null && now < from) refuse(`do not hold before ${iso(from)}`);
};

const readCreds = (path: string): Login => {
  const text = readSecretFile(path, "NATS credentials");
  if (!/BEGIN NATS USER JWT[\s\S]*BEGIN USER NKEY SEED/.test(text)) {
    throw new SwathError("config", {
      what: `NATS credentials ${path}`,
      wanted: "a JWT and the seed of its key, as nsc writes them",
      got: "something else",
      hint: "for a bare seed, SU…, take --nkey",
    });
  }
  requireInTime(path, text, Date.now() / 1000);
  return { authenticator: credsAuthenticator(Buffer.from(text)) };
};

const readNkey = (path: string): Login => {
  const seed = /^\s*(SU[A-Z2-7]{56})\s*$/m.exec(readSecretFile(path, "the nkey"))?.[1];
  if (seed === undefined) {
    const wanted = "the seed of a user: 58 capitals and digits from SU on";
    throw new SwathError("config", { what: `the nkey ${path}`, wanted, got: "something else" });
  }
  return { authenticator: nkeyAuthenticator(Buffer.from(seed)) };
};

const readLogin = (path: string): Login => {
  const [user = "", pass, ...more] = readSecretFile(path, "the login")
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
  if (user !== "" && pass !== undefined && more.length === 0) return { user, pass };
  throw new SwathError("config", {
    what: `the login ${path}`,
    wanted: "a user on the first line, the password on the second",
    got: `${more.length + (pass === undefined ? 1 : 2)} lines`,
  });
};

/**
 * What is shown to a server: a file that was named; else what the address holds; else what the environment does. Throws
 * `SwathError("config")` for a file that cannot be read or that everybody can, and for two of them; `SwathError("bus")` for credentials out of
 * their time.
 */
export const readLoginOf = (
  { creds, nkey, login, user, password, token }: LoginOptions,
  address: ServerAddress,
): Login => {
  const files = Object.entries({ creds, nkey, login }).flatMap(([name, path]) =>
    path === undefined ? [] : [{ name: `--${name}`, path }],
  );
  if (files.length > 1) throw twoOf(files.map(({ name }) => name));
  if (creds !== undefined) return readCreds(creds);
  if (nkey !== undefined) return readNkey(nkey);
  if (login !== undefined) return readLogin(login);
  if (address.user !== "" && address.password !== "") return { user: address.user, pass: address.password };
  if (address.user !== "") return { token: address.user };
  if (token !== undefined && user !== undefined) throw twoOf(["a token", "a user"]);
  if (token !== undefined) return { token };
  return user === undefined ? {} : { user, pass: password ?? "" };
};
