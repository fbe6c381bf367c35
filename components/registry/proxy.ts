import { MessageError } from "../lib/problems";
import { isExempt, isLoopback, proxyTarget } from "./noProxy";

/** A proxy named in the environment. */
export interface Proxy {
  /** The variable that names it. */
  variable: string;
  /** `http`, `https` or `socks5`, host and port; without the login. */
  url: URL;
  /** The login in the variable, decoded; absent when there is none. */
  login?: { username: Buffer; password: Buffer };
}

/** An environment variable that is not the address of a proxy. The message never holds its value. */
export class ProxyVariableError extends MessageError {
  override readonly name = "ProxyVariableError";
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a request, or undefined when it goes straight to its host, as docker and containerd choose. `HTTPS_PROXY`
 * applies to https only and `HTTP_PROXY` to http only; upper case wins over lower case; a proxy without a scheme is an http
 * proxy; requests to loopback are never proxied.
 *
 * @throws ProxyVariableError if the variable that applies can't be used. Go ignores some of these values, and fails to
 * connect with the others.
 * @see Go 1.26, net/http, ProxyFromEnvironment; golang.org/x/net/http/httpproxy
 */
export function proxyFor(url: URL, environment: Environment): Proxy | undefined {
  const isHttps = url.protocol === "https:";
  const set = firstSet(environment, isHttps ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"]);
  if (set === undefined) {
    return undefined;
  }
  if (!isHttps && (environment["REQUEST_METHOD"] ?? "") !== "") {
    throw new ProxyVariableError(
      `${set.variable} is set together with REQUEST_METHOD, so anybody who sends a request to this program may have set it (CGI): it is not used, as in Go. Unset one of the two.`,
    );
  }
  const noProxy = firstSet(environment, ["NO_PROXY", "no_proxy"])?.value ?? "";
  const target = proxyTarget(url);
  return isLoopback(target) || isExempt(noProxy, target) ? undefined : readProxy(set);
}

interface SetVariable {
  variable: string;
  value: string;
}

function firstSet(environment: Environment, names: readonly string[]): SetVariable | undefined {
  return names
    .map((variable) => ({ variable, value: environment[variable] ?? "" }))
    .find(({ value }) => value !== "");
}

const proxyPattern =
  /^(?:([a-z][a-z\d+.-]*):\/\/)?(?:([\w.~:!$&'()*+,;=%@-]*)@)?(\[[\da-f:.]+\]|[\w.~!$&'()*+,;=\u0080-\uffff-]+)(?::(\d*))?(?!\/\/)(?:[/?#].*)?$/i;

const defaultPorts: Readonly<Record<string, string>> = { http: "80", https: "443", socks5: "1080" };

function readProxy({ variable, value }: SetVariable): Proxy {
  const [match, givenScheme = "http", login, host = "", port = ""] = proxyPattern.exec(value) ?? [];
  const scheme = givenScheme.toLowerCase().replace(/^socks5h$/, "socks5");
  const defaultPort = defaultPorts[scheme];
  if (match === undefined || (login !== undefined && /%(?![\da-f]{2})/i.test(login))) {
    throw unusable(variable, "is not the address of a proxy");
  }
  if (defaultPort === undefined) {
    throw unusable(variable, `has a scheme that is not supported (${scheme})`);
  }
  const address = `${scheme}://${host}:${port || defaultPort}`;
  if (!URL.canParse(address) || Number(port || defaultPort) === 0) {
    throw unusable(variable, "has a host or a port that can't exist");
  }
  return { variable, url: new URL(address), ...(login !== undefined && { login: readLogin(login) }) };
}

function unusable(variable: string, problem: string): ProxyVariableError {
  return new ProxyVariableError(
    `The environment variable ${variable} ${problem}: write host:port, or http://, https:// or socks5:// before it, and escape special characters in a password (%40 for @).`,
  );
}

function readLogin(text: string): NonNullable<Proxy["login"]> {
  const [username = "", password = ""] = text.split(/:(.*)/s);
  return { username: unescaped(username), password: unescaped(password) };
}

/** The bytes of a text with escapes, which need not be UTF-8. */
function unescaped(text: string): Buffer {
  return Buffer.from(
    text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    "latin1",
  );
}
