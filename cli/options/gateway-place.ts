import { readFileSync } from "node:fs";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { GatewayPlace } from "../../studies/serve/gateway-client.ts";

/** Options that say which gateway is meant. */
export interface GatewayFlags {
  readonly gateway?: string;
  readonly tokenFile?: string;
}

/** The gateway that was named; `null`: none was. Throws `SwathError("config")`. */
export const readGatewayPlace = ({ gateway, tokenFile }: GatewayFlags): GatewayPlace | null => {
  if (gateway === undefined) {
    if (tokenFile === undefined) return null;
    throw new SwathError("config", { what: "--token-file", wanted: "--gateway URL with it", got: "none" });
  }
  if (!/^https?:\/\/[^/]+/.test(gateway) || !URL.canParse(gateway))
    throw new SwathError("config", { what: "--gateway", wanted: "http://host:port", got: `"${gateway}"` });
  const url = gateway.replace(/\/+$/, "");
  if (tokenFile === undefined) return { url, token: "" };
  try {
    return { url, token: readFileSync(tokenFile, "utf8").trim() };
  } catch (cause) {
    throw new SwathError("config", {
      what: `--token-file ${tokenFile}`,
      wanted: "a file",
      got: messageOf(cause),
      cause,
    });
  }
};
