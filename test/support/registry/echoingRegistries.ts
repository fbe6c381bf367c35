import type { ServerResponse } from "node:http";
import { startHttpServer, type TestServer } from "./httpServer";

/** What a registry of the tests is sent: the header `Authorization`, and the login in it. */
interface Sent {
  authorization: string;
  username: string;
  password: string;
}

/** Where a registry refuses a login: at once, by its token service, or for an image alone. */
const refusals = ["login", "token", "image"] as const;
type Refusal = (typeof refusals)[number];

/** How it repeats the login in what it says. */
const echoes: ((sent: Sent) => string)[] = [
  ({ username, password }) => `no such login: ${username}:${password}.`,
  ({ password }) => `wrong password: ${password}.`,
  ({ password }) => `wrong password: ${JSON.stringify(password)}`,
  ({ password }) => `can't read ?password=${encodeURIComponent(password)}`,
  ({ authorization }) => `can't read ${authorization}`,
];

/** Starts registries, by plain http, that refuse every login and repeat it in their answers, each in another way. */
export async function startEchoingRegistries(): Promise<TestServer[]> {
  const ways = refusals.flatMap((refusal) => echoes.map((echo) => startRefusing(refusal, echo)));
  return Promise.all([startRedirecting(), ...ways]);
}

function startRefusing(refusal: Refusal, echo: (sent: Sent) => string): Promise<TestServer> {
  return startHttpServer(({ headers: { authorization, host = "" }, url }, response) => {
    if (authorization === undefined) {
      challenge(response, refusal === "token" ? `Bearer realm="http://${host}/token"` : 'Basic realm="a"');
    } else if (refusal === "image" && url === "/v2/") {
      response.end("{}");
    } else {
      const message = echo(read(authorization));
      const body = JSON.stringify({ errors: [{ message }], details: message });
      challenge(response, `Basic realm="${encodeURIComponent(message)}", error="${authorization}"`, body);
    }
  });
}

function startRedirecting(): Promise<TestServer> {
  return startHttpServer(({ headers: { authorization } }, response) => {
    if (authorization === undefined) {
      challenge(response, 'Basic realm="a"');
    } else {
      const { username, password } = read(authorization);
      const user = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
      response.writeHead(302, { location: `https://${user}@example.com/` }).end();
    }
  });
}

function challenge(response: ServerResponse, field: string, body = ""): void {
  response.writeHead(401, { "www-authenticate": field }).end(body);
}

function read(authorization: string): Sent {
  const login = Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
  const [username = "", password = ""] = login.split(/:(.*)/s);
  return { authorization, username, password };
}
