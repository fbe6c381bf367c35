import { createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Certificates, createCertificates } from "./certificates";
import { startHttpServer, type TestServer } from "./httpServer";
import { basic, type TokenAuth } from "./registry";
import { temporaryDirectory } from "../runner/temporaryDirectory";

/** A user of the token service: the password, and the repositories that it may pull. */
export interface TokenUser {
  password: string;
  pulls: string[];
}

/** A token service as docker-registry trusts it (distribution, "Token Authentication Specification"), over https. */
export interface TestTokenServer extends TestServer {
  tokenAuth: TokenAuth;
  users: Map<string, TokenUser>;
  /** Seconds until the tokens expire; negative for expired tokens. */
  lifetimeSeconds: number;
  /** An `Authorization` header that lets the test push to one repository. */
  pushAuthorization(repository: string): string;
}

const service = "test-registry";
const issuer = "test-issuer";

export async function startTokenServer(): Promise<TestTokenServer> {
  const directory = temporaryDirectory();
  const certificates = createCertificates(directory.path);
  const users = new Map<string, TokenUser>();
  const server = await startHttpServer((request, response) => {
    answer(request, response);
  }, certificates);

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { searchParams } = new URL(request.url ?? "", `https://${server.host}`);
    const user = [...users].find(
      ([name, { password }]) => request.headers.authorization === basic(name, password),
    );
    response.setHeader("content-type", "application/json");
    if (user === undefined || searchParams.get("service") !== service) {
      response.writeHead(401).end(JSON.stringify({ details: "incorrect username or password" }));
      return;
    }
    const [, repository = ""] = /^repository:(.*):pull$/.exec(searchParams.get("scope") ?? "") ?? [];
    const actions = user[1].pulls.includes(repository) ? ["pull"] : [];
    response.end(JSON.stringify({ token: tokenFor(repository, actions, tokenServer.lifetimeSeconds) }));
  }

  function tokenFor(repository: string, actions: string[], lifetimeSeconds: number): string {
    return signedToken(certificates, lifetimeSeconds, [{ type: "repository", name: repository, actions }]);
  }

  const tokenServer: TestTokenServer = {
    ...server,
    tokenAuth: { realm: `https://${server.host}/token`, service, issuer, certificates },
    users,
    lifetimeSeconds: 60,
    pushAuthorization: (repository) => `Bearer ${tokenFor(repository, ["pull", "push"], 60)}`,
    stop: async () => {
      await server.stop();
      await directory.stop();
    },
  };
  return tokenServer;
}

function signedToken({ cert, key }: Certificates, lifetimeSeconds: number, access: object[]): string {
  const now = Math.floor(Date.now() / 1000);
  const x5c = [new X509Certificate(cert).raw.toString("base64")];
  const claims = {
    iss: issuer,
    aud: service,
    sub: "test",
    jti: randomUUID(),
    iat: now,
    nbf: now - 600,
    access,
  };
  const content = [
    { typ: "JWT", alg: "ES256", x5c },
    { ...claims, exp: now + lifetimeSeconds },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = sign("sha256", Buffer.from(content), {
    key: createPrivateKey(key),
    dsaEncoding: "ieee-p1363",
  });
  return `${content}.${signature.toString("base64url")}`;
}
