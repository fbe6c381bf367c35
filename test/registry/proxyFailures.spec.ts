import assert from "node:assert/strict";
import { type ProxiedError, proxyFault } from "../../components/registry/proxyFailures";
import type { Proxy } from "../../components/registry/proxy";

const asked = {
  registry: "r.example.com",
  image: "r.example.com/shop/web:v1",
  login: { username: "janedoe", password: "c4n4ry" },
};
const proxy: Proxy = { variable: "HTTPS_PROXY", url: new URL("https://proxy.example.com:3128") };
const withLogin: Proxy = {
  variable: "http_proxy",
  url: new URL("http://[fd00::1]:8080"),
  login: { username: Buffer.from("jane"), password: Buffer.from("c4n4ry") },
};
const https = "https://r.example.com/v2/";
const http = "http://r.example.com:5000/v2/";

function faultOf(url: string, error: Partial<ProxiedError>, by = proxy) {
  return proxyFault(asked, by, new URL(url), { code: "UND_ERR_ABORTED", isOfProxy: false, ...error });
}

describe("proxyFault", () => {
  const named = 'The proxy "proxy.example.com:3128" (environment variable HTTPS_PROXY)';
  const loginNamed = 'The proxy "[fd00::1]:8080" (environment variable http_proxy)';
  const wantsLogin = "wants a login, and the variable has none: write username:password@ before the host";
  const refusedLogin =
    "refused the login in the variable: check it, and escape special characters in it (%40 for @)";
  type Row = [url: string, error: Partial<ProxiedError>, message: string, by?: Proxy];
  const noTls = (url: string, isOfProxy: boolean): Row[] => [
    [
      url,
      { code: "ERR_SSL_WRONG_VERSION_NUMBER", isOfProxy },
      `${named} does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER). Check host and port in the variable, and whether it is an https:// proxy at all.`,
    ],
    [
      url,
      { code: "CERT_HAS_EXPIRED", isOfProxy },
      `${named} fails during TLS (CERT_HAS_EXPIRED). Check the host in the variable and the proxy's certificate; NODE_EXTRA_CA_CERTS names a file with the CA of a private one. A \`caBundle\` is for registries alone.`,
    ],
  ];
  const notHttp = (code: string): Row => [
    https,
    { code, isOfProxy: true },
    `${named} sent an answer that is not HTTP (${code}). Check host and port in the variable.`,
  ];
  const unreachable = (code: string, isOfProxy = false): Row => [
    https,
    { code, isOfProxy },
    `${named} can't be reached (${code}). Check the variable, and that this machine may use the proxy; NO_PROXY names the hosts that need none.`,
  ];
  const ofAll: Row[] = [
    [https, { status: 407 }, `${named} ${wantsLogin} (407).`],
    [https, { status: 407 }, `${loginNamed} ${refusedLogin} (407).`, withLogin],
    ...["UND_ERR_SOCKS5_AUTH_METHOD", "UND_ERR_SOCKS5_AUTH_REJECTED"].map((code): Row => [
      https,
      { code },
      `${named} ${wantsLogin} (${code}).`,
    ]),
    ...noTls(https, true),
    ...noTls(http, true),
    ...noTls(http, false),
    ...["HPE_INVALID_CONSTANT", "HTTPParserError"].map(notHttp),
    ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"].map((code) =>
      unreachable(code),
    ),
    ...["UND_ERR_PRX_TLS", "UND_ERR_PRX_CONN"].map((code) => unreachable(code)),
    ...["ECONNREFUSED", "ECONNRESET"].map((code) => unreachable(code, true)),
  ];
  for (const [url, error, message, by] of ofAll) {
    it(`is one for all hosts after ${JSON.stringify(error)} for ${url}: ${message.slice(-60)}`, () => {
      const fault = faultOf(url, error, by);
      assert.deepEqual(
        { isForAll: fault?.isForAll, message: fault?.failure.message },
        { isForAll: true, message },
      );
    });
  }

  const ofOneHost: [url: string, error: Partial<ProxiedError>, target: string, shown: string][] = [
    [https, { status: 403 }, "r.example.com:443", "403"],
    [http, { status: 502 }, "r.example.com:5000", "502"],
    [https, { status: 503, isOfProxy: true }, "r.example.com:443", "503"],
    ["http://[fd00::2]/v2/", { status: 403 }, "[fd00::2]:80", "403"],
    [https, { code: "UND_ERR_SOCKS5" }, "r.example.com:443", "UND_ERR_SOCKS5"],
    [https, { code: "UND_ERR_SOCKS5_REPLY_2" }, "r.example.com:443", "UND_ERR_SOCKS5_REPLY_2"],
  ];
  for (const [url, error, target, shown] of ofOneHost) {
    it(`is one for ${target} alone after ${JSON.stringify(error)}`, () => {
      const fault = faultOf(url, error);
      assert.deepEqual(
        { isForAll: fault?.isForAll, message: fault?.failure.message },
        {
          isForAll: false,
          message: `${named} does not connect to "${target}" (${shown}). Ask its operators to allow it, or name the host in NO_PROXY if this machine reaches it without a proxy.`,
        },
      );
    });
  }

  const ofNone: [url: string, code: string][] = [
    [https, "ERR_SSL_WRONG_VERSION_NUMBER"],
    [https, "CERT_HAS_EXPIRED"],
    [http, "HPE_INVALID_CONSTANT"],
    [https, "ECONNRESET"],
    [http, "ECONNRESET"],
    [https, "UND_ERR_SOCKET"],
    [https, "QUERY_ENOTFOUND"],
    [https, "ETIMEDOUT_OF_ANSWER"],
  ];
  for (const [url, code] of ofNone) {
    it(`is none of the proxy after ${code} for ${url}`, () => {
      assert.equal(faultOf(url, { code }), undefined);
    });
  }

  it("concerns the registry and no image of it, and has no password", () => {
    for (const error of [{ status: 407 }, { status: 403 }, { code: "ECONNREFUSED" }]) {
      const failure = faultOf(https, error, withLogin)?.failure;
      assert.deepEqual(
        { reason: failure?.reason, registry: failure?.registry, image: failure?.image },
        { reason: "unreachable", registry: "r.example.com", image: undefined },
      );
      assert.doesNotMatch(failure?.message ?? "c4n4ry", /c4n4ry/);
    }
  });
});
