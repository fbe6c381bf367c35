import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Agent, request } from "undici";
import { type Certificates, createCertificates } from "./certificates";
import type { Stoppable } from "../runner/stopAtEnd";
import { temporaryDirectory } from "../runner/temporaryDirectory";

/** Debian's docker-registry on an ephemeral port of 127.0.0.1, with TLS of a CA of its own, in memory. */
export interface TestRegistry extends Stoppable {
  /** Such as `127.0.0.1:40123`, the domain of its images. */
  host: string;
  /** The CA in PEM. */
  caBundle: string;
  /** Adds a user or replaces the password (htpasswd). */
  setPassword(username: string, password: string): void;
  /** Revokes a user (htpasswd). */
  removeUser(username: string): void;
  /** Pushes a tiny image and returns its digest, which depends on the architecture alone; by default it is amd64. */
  push(path: string, tag: string, authorization: string, architecture?: string): Promise<string>;
}

/** Token auth in place of htpasswd; its certificate signs the tokens. */
export interface TokenAuth {
  realm: string;
  service: string;
  issuer: string;
  certificates: Certificates;
}

/** Starts a registry with token auth, or else with an htpasswd file of no users. */
export async function startRegistry(tokenAuth?: TokenAuth): Promise<TestRegistry> {
  const directory = temporaryDirectory();
  const certificates = tokenAuth?.certificates ?? createCertificates(directory.path);
  const htpasswdPath = join(directory.path, "htpasswd");
  writeFileSync(htpasswdPath, "");
  const configPath = join(directory.path, "config.json");
  const auth = tokenAuth
    ? { token: { ...tokenAuth, certificates: undefined, rootcertbundle: certificates.caPath } }
    : { htpasswd: { realm: "test", path: htpasswdPath } };
  writeFileSync(configPath, JSON.stringify(configOf(certificates, auth)));

  const registry = spawn("docker-registry", ["serve", configPath], { stdio: ["ignore", "ignore", "pipe"] });
  const killAtExit = (): void => void registry.kill();
  process.once("exit", killAtExit);
  const host = await listeningHost(registry);
  const agent = new Agent({ connect: { ca: certificates.ca } });
  return {
    host,
    caBundle: certificates.ca,
    setPassword: (username, password) => {
      execFileSync("htpasswd", ["-Bib", htpasswdPath, username, password], { stdio: "pipe" });
    },
    removeUser: (username) => {
      execFileSync("htpasswd", ["-D", htpasswdPath, username], { stdio: "pipe" });
    },
    push: (path, tag, authorization, architecture = "amd64") =>
      pushImage({ repository: `https://${host}/v2/${path}`, tag, authorization, architecture, agent }),
    stop: async () => {
      await agent.destroy();
      const exit = once(registry, "exit");
      registry.kill();
      await exit;
      process.off("exit", killAtExit);
      await directory.stop();
    },
  };
}

function configOf({ certPath, keyPath }: Certificates, auth: object): object {
  return {
    version: "0.1",
    log: { level: "info" },
    storage: { inmemory: {} },
    http: { addr: "127.0.0.1:0", secret: "test", tls: { certificate: certPath, key: keyPath } },
    auth,
  };
}

/** The address from the registry's own log line; fails with the log when the registry ends before it. */
async function listeningHost(registry: ChildProcess): Promise<string> {
  const lines: string[] = [];
  if (registry.stderr === null) {
    throw new Error("docker-registry was started without a pipe for its log");
  }
  for await (const line of createInterface({ input: registry.stderr })) {
    const host = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (host !== undefined) {
      registry.stderr.resume();
      return host;
    }
    lines.push(line);
  }
  throw new Error(`docker-registry ended:\n${lines.join("\n")}`);
}

interface Push {
  repository: string;
  tag: string;
  authorization: string;
  architecture: string;
  agent: Agent;
}

/** OCI distribution-spec, pushing: the config as a blob, then the manifest of an image without layers. */
async function pushImage({ repository, tag, authorization, architecture, agent }: Push): Promise<string> {
  const headers = { authorization };
  const config = JSON.stringify({
    architecture,
    os: "linux",
    rootfs: { type: "layers", diff_ids: [] },
  });
  const configDigest = digestOf(config);
  const upload = await request(`${repository}/blobs/uploads/`, {
    method: "POST",
    headers,
    dispatcher: agent,
  });
  const location = new URL(String(upload.headers["location"]), repository);
  location.searchParams.set("digest", configDigest);
  await upload.body.dump();
  await expectCreated(request(location, { method: "PUT", headers, body: config, dispatcher: agent }));

  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: configDigest,
      size: Buffer.byteLength(config),
    },
    layers: [],
  });
  await expectCreated(
    request(`${repository}/manifests/${tag}`, {
      method: "PUT",
      headers: { ...headers, "content-type": mediaType },
      body: manifest,
      dispatcher: agent,
    }),
  );
  return digestOf(manifest);
}

async function expectCreated(pending: ReturnType<typeof request>): Promise<void> {
  const { statusCode, body } = await pending;
  const text = await body.text();
  if (statusCode !== 201) {
    throw new Error(`the registry answered a push with ${statusCode}: ${text}`);
  }
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** The `Authorization` header of Basic, written out by the tests themselves. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
