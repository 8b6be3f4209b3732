import { SwathError } from "../../pipeline/errors.ts";

/**
 * The web address of `url`: `s3://bucket/key` lies at `<endpoint>/bucket/key` (the path style, which every S3-like store
 * answers), anything else where it says. Requests are not signed. Throws `SwathError("dataset")` without an endpoint.
 */
export const bucketAddress = (url: URL, location: string, endpoint: string | undefined): URL => {
  if (url.protocol !== "s3:") return url;
  if (endpoint === undefined) {
    throw new SwathError("dataset", {
      what: `${location} lies in a bucket`,
      wanted: "--endpoint URL of its store",
      got: "none",
      hint: "e.g. --endpoint https://s3.eu-central-1.amazonaws.com",
    });
  }
  return new URL(`${endpoint.replace(/\/+$/, "")}/${url.host}${url.pathname}${url.search}`);
};

/** Checks `--endpoint`. Throws `SwathError("config")`. */
export const parseEndpoint = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "") return text;
  throw new SwathError("config", {
    what: "--endpoint",
    wanted: "an http or https address, e.g. https://s3.eu-central-1.amazonaws.com",
    got: `"${text.replace(/\?.*$/s, "?…")}"`,
  });
};
