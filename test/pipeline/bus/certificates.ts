import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether certificates can be made here. */
export const hasOpenssl = ((): boolean => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** Paths of certificates made for a test: two authorities that know nothing of each other; the first signed a server and a client. */
export interface Certificates extends Disposable {
  readonly ca: string;
  readonly otherCa: string;
  readonly serverCert: string;
  readonly serverKey: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

/** Makes them with openssl, in a folder that goes with them. */
export const makeCertificates = (): Certificates => {
  const folder = mkdtempSync(join(tmpdir(), "swath-tls-"));
  const at = (name: string): string => join(folder, name);
  const openssl = (words: string): void => {
    execFileSync("openssl", words.split(" "), { cwd: folder, stdio: "ignore" });
  };
  const curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
  for (const name of ["ca", "other"])
    openssl(`req -x509 ${curve} -keyout ${name}.key -out ${name}.pem -days 2 -subj /CN=${name}`);
  writeFileSync(at("names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  for (const name of ["server", "client"]) {
    openssl(`req ${curve} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
    openssl(
      `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out ${name}.pem -days 2 -extfile names`,
    );
  }
  return {
    ca: at("ca.pem"),
    otherCa: at("other.pem"),
    serverCert: at("server.pem"),
    serverKey: at("server.key"),
    clientCert: at("client.pem"),
    clientKey: at("client.key"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
};
