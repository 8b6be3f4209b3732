import { SwathError } from "../errors.ts";

/** What a server address says. */
export interface ServerAddress {
  /** `host:port`. */
  readonly servers: readonly string[];
  /** `tls://`: never in the clear. */
  readonly isSecure: boolean;
  readonly user: string;
  readonly password: string;
}

/** Without user, password or token: for messages. */
const shown = (part: string): string => part.replace(/\/\/.*@/, "//…@");

const parseOne = (part: string): URL => {
  const withScheme = part.includes("://") ? part.trim() : `nats://${part.trim()}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
  if (url !== null && ["nats:", "tls:"].includes(url.protocol) && url.hostname !== "") return url;
  throw new SwathError("bus", {
    what: "not the address of a NATS server",
    wanted: "nats://host:port or tls://host:port",
    got: shown(part),
  });
};

/**
 * Reads `nats://[user:password@ | token@]host:port`, or several of them with commas between. Throws `SwathError` ("bus") for what is no
 * address, for a mix of `nats` and `tls`, which would speak in the clear to some of them, and for several logins.
 */
export const parseServerAddress = (text: string): ServerAddress => {
  const urls = text.split(",").map(parseOne);
  const [first] = urls as [URL];
  const schemes = [...new Set(urls.map(({ protocol }) => protocol))];
  if (schemes.length > 1) {
    throw new SwathError("bus", {
      what: "the addresses of the NATS servers",
      wanted: "nats:// or tls:// for all of them",
      got: "both",
      hint: "a connection in the clear to one of them gives everything away: write tls:// before each",
    });
  }
  const logins = new Set(
    urls.map(({ username, password }) => `${username}:${password}`).filter((one) => one !== ":"),
  );
  if (logins.size > 1) {
    throw new SwathError("bus", {
      what: "the addresses of the NATS servers",
      wanted: "one login for all of them",
      got: `${logins.size}`,
    });
  }
  const named = urls.find(({ username }) => username !== "") ?? first;
  return {
    servers: urls.map((url) => `${url.hostname}:${url.port || "4222"}`),
    isSecure: first.protocol === "tls:",
    user: decodeURIComponent(named.username),
    password: decodeURIComponent(named.password),
  };
};
