import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { createServer, type TlsOptions } from "node:tls";
import { promisify } from "node:util";
import { probeRegistry } from "../../../components/registry/client";
import { preflight } from "../../../components/registry/runChecks";
import { PreflightError } from "../../../components/registry/preflightError";
import { type Certificates, createCertificates } from "../../support/registry/certificates";
import { listen, startHttpServer, type TestServer } from "../../support/registry/httpServer";
import { assertFails, canaryPassword, failureOf } from "../../support/registry/preflightFailure";
import { requireRegistryTools } from "../../support/registry/registryTools";
import { type Stoppable, stopAtEnd } from "../../support/runner/stopAtEnd";
import { temporaryDirectory } from "../../support/runner/temporaryDirectory";

const run = promisify(execFile);
const login = { username: "janedoe", password: canaryPassword };
const open = (server: string, caBundle?: string) => probeRegistry({ server, ...login, caBundle });

describe("whom a check trusts", () => {
  const stopping = stopAtEnd();
  let directory: string;
  let certificates: Certificates;
  let registry: TestServer;

  before(async function () {
    requireRegistryTools(this);
    directory = stopping(temporaryDirectory()).path;
    certificates = createCertificates(directory);
    registry = stopping(await startHttpServer((_request, response) => response.end("{}"), certificates));
  });

  it("the CA of caBundle, alone, among others and with text around it", async () => {
    const other = createCertificates(stopping(temporaryDirectory()).path).ca;
    for (const caBundle of [
      certificates.ca,
      `${other}${certificates.ca}`,
      `# ours\r\n${certificates.ca.replaceAll("\n", "\r\n")}\r\n# theirs\r\n${other}`,
    ]) {
      assert.deepEqual(await open(registry.host, caBundle), { handshake: "none" });
    }
    await assertFails(open(registry.host, other), "tls", /CA that is not known here/);
    await assertFails(open(registry.host), "tls", /CA that is not known here/);
  });

  it("for each login by its own caBundle, though another has failed at the same host", async () => {
    const check = { server: registry.host, ...login };
    const { registries } = await preflight({
      registries: [check, { ...check, caBundle: certificates.ca }],
      images: [],
    });
    assert.ok(registries[0] instanceof PreflightError);
    assert.deepEqual(registries[1], { handshake: "none" });
  });

  it("a server's own certificate as a root, as Go does", async () => {
    assert.deepEqual(await open(registry.host, certificates.cert), { handshake: "none" });
  });

  it("an intermediate as a root, as Go does", async () => {
    const openssl = (...args: string[]): void => {
      execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
    };
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const ca = ["-addext", "basicConstraints=critical,CA:true"];
    openssl("req", "-x509", ...key, "-subj", "/CN=Root", "-keyout", "r.key", "-out", "r.pem");
    openssl(
      "req",
      "-x509",
      ...key,
      ...ca,
      "-subj",
      "/CN=Between",
      "-CA",
      "r.pem",
      "-CAkey",
      "r.key",
      "-keyout",
      "i.key",
      "-out",
      "i.pem",
    );
    openssl(
      "req",
      "-x509",
      ...key,
      "-subj",
      "/CN=Leaf",
      "-addext",
      "subjectAltName=IP:127.0.0.1",
      "-addext",
      "basicConstraints=CA:false",
      "-CA",
      "i.pem",
      "-CAkey",
      "i.key",
      "-keyout",
      "l.key",
      "-out",
      "l.pem",
    );
    const read = (name: string): string => readFileSync(join(directory, name), "utf8");
    const served = { ...certificates, key: read("l.key"), cert: read("l.pem") };
    const { host } = stopping(await startHttpServer((_request, response) => response.end("{}"), served));
    assert.deepEqual(await open(host, read("i.pem")), { handshake: "none" });
    await assertFails(open(host, read("r.pem")), "tls", /CA that is not known here/);
  });

  it("the system's CAs and those of NODE_EXTRA_CA_CERTS, with a caBundle and without", async () => {
    const client = require.resolve("../../../components/registry/client");
    const script = `require(${JSON.stringify(client)})
      .probeRegistry({ server: ${JSON.stringify(registry.host)}, username: "u", password: "p", caBundle: process.env.BUNDLE })
      .then(({ handshake }) => console.log(handshake), ({ reason }) => console.log(reason));`;
    const check = async (env: NodeJS.ProcessEnv): Promise<string> => {
      const options = { env: { PATH: process.env["PATH"], ...env } };
      const { stdout } = await run(process.execPath, ["--import", "tsx", "--eval", script], options);
      return stdout.trim();
    };
    const other = createCertificates(stopping(temporaryDirectory()).path);
    const { caPath } = certificates;
    assert.deepEqual(
      await Promise.all(
        [
          {},
          { SSL_CERT_FILE: caPath },
          { NODE_EXTRA_CA_CERTS: caPath },
          { SSL_CERT_FILE: caPath, BUNDLE: other.ca },
          { NODE_EXTRA_CA_CERTS: caPath, BUNDLE: other.ca },
          { NODE_EXTRA_CA_CERTS: "/nowhere/ca.pem", BUNDLE: certificates.ca },
        ].map(check),
      ),
      ["tls", "none", "none", "none", "none", "none"],
    );
  });
});

describe("a registry whose TLS fails", () => {
  const stopping = stopAtEnd();
  let certificates: Certificates;

  before(function () {
    requireRegistryTools(this);
    certificates = createCertificates(stopping(temporaryDirectory()).path);
  });

  async function start(options: TlsOptions): Promise<string> {
    const { key, cert } = certificates;
    const server = createServer({ key, cert, ...options }, (socket) => socket.on("error", () => undefined));
    server.on("tlsClientError", () => undefined);
    const host = await listen(server);
    stopping<Stoppable>({ stop: () => Promise.resolve(void server.close()) });
    return host;
  }

  async function startRaw(answer: string | Buffer): Promise<string> {
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(answer));
    });
    const host = await listen(server);
    stopping<Stoppable>({ stop: () => Promise.resolve(void server.close()) });
    return host;
  }

  it("speaks TLS 1.1 at most", async () => {
    const host = await start({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL@SECLEVEL=0" });
    await assertFails(
      open(host, certificates.ca),
      "tls",
      /speaks no TLS version that containerd and this check accept.* TLS 1\.2 or 1\.3/,
    );
  });

  it("wants a client certificate", async () => {
    const mutual = { requestCert: true, rejectUnauthorized: true };
    await assertFails(
      open(await start(mutual), certificates.ca),
      "tls",
      /wants a client certificate \(mutual TLS, ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED\)/,
    );
    await assertFails(
      open(await start({ ...mutual, maxVersion: "TLSv1.2" }), certificates.ca),
      "tls",
      /aborted the TLS handshake .*: it wants a client certificate \(mutual TLS\), or/,
    );
  });

  it("is not told to be asked by plain http, unless it speaks that", async () => {
    const alert = (description: number): Buffer => Buffer.from([21, 3, 3, 0, 2, 2, description]);
    for (const answer of [alert(40), alert(42), alert(70), alert(80), alert(112), ""]) {
      const { message } = await failureOf(open(await startRaw(answer), certificates.ca));
      assert.doesNotMatch(message, /insecure|http:\/\//, message);
    }
    await assertFails(
      open(await startRaw("HTTP/1.1 400 Bad Request\r\n\r\n")),
      "tls",
      /does not speak TLS .*`insecure: true`/,
    );
  });
});
