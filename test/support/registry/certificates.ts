import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A server certificate for 127.0.0.1 and localhost, and the CA that signed it: paths and PEM texts. */
export interface Certificates {
  caPath: string;
  certPath: string;
  keyPath: string;
  ca: string;
  cert: string;
  key: string;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];

/** Makes a CA and a server certificate in `directory` with the openssl command. */
export function createCertificates(directory: string, names = "IP:127.0.0.1,DNS:localhost"): Certificates {
  const [caPath, caKeyPath] = [join(directory, "ca.pem"), join(directory, "ca.key")];
  const [certPath, keyPath] = [join(directory, "server.pem"), join(directory, "server.key")];
  openssl(["-subj", "/CN=Test CA", "-keyout", caKeyPath, "-out", caPath]);
  openssl([
    ...["-subj", "/CN=Test registry", "-addext", `subjectAltName=${names}`],
    ...["-CA", caPath, "-CAkey", caKeyPath, "-keyout", keyPath, "-out", certPath],
  ]);
  return {
    ...{ caPath, certPath, keyPath },
    ca: readFileSync(caPath, "utf8"),
    cert: readFileSync(certPath, "utf8"),
    key: readFileSync(keyPath, "utf8"),
  };
}

function openssl(args: string[]): void {
  execFileSync("openssl", ["req", "-x509", ...newKey, ...args], { stdio: "pipe" });
}
