import assert from "node:assert/strict";
import { type Environment, type Proxy, proxyFor, ProxyVariableError } from "../../components/registry/proxy";
import { readVectors } from "../support/data/vectors";

/** What Go answers for one URL: a proxy, none, or an error. */
type GoAnswer = { scheme: string; host: string; port?: string; login?: string } | { error: string } | null;

/** Values that Go ignores, or takes for a proxy that nothing can connect to. Here each is an error that names the variable. */
const unusable = [
  "fd00::1",
  ...["socks4://proxy:1080", "ftp://proxy:21", "quic://proxy"],
  ...["http://u:p%zz@proxy:1", "http://u:p/ss@proxy:1", "http://u:p#ss@proxy:1", "http://u:p?ss@proxy:1"],
  ...["http://u:pä@proxy:1", "http://u:p ss@proxy:1", 'http://u:p"@proxy:1'],
  ...["//proxy:3128", "///proxy", "/proxy", "://proxy", ":3128", ":", "@", "#", "?"],
  ...["http://", "http:///x", "http:proxy:3128", "not a url", "http://pro xy"],
  ...["http://proxy:port", "http://proxy:99999", "http://proxy:0"],
  ...["http://[", "http://[fd00::1", "http://[1.2.3.4]:1", "http://[fe80::1%25eth0]:1"],
  ...["b%C3%BCcher:1", "pro%78y:1", "http://pro%20xy:1", "http://<p>:1", "p\\q:1", "http://p\\q:1"],
  ...["  proxy:1", "proxy:1 ", "\tproxy", "prox\ny", "http://a:b:c", "a:b:c", "1.2.3.4:5:6"],
];

const defaultPorts: Record<string, string> = { http: "80", https: "443", socks5: "1080" };

function written({ url, login }: Proxy): string {
  const text = login && Buffer.concat([login.username, Buffer.from(":"), login.password]).toString("base64");
  return `${url.protocol}//${text ?? ""}@${url.hostname}:${url.port || defaultPorts[url.protocol.slice(0, -1)]}`;
}

function writtenByGo(answer: GoAnswer): string | undefined {
  if (answer === null || "error" in answer) {
    return answer?.error;
  }
  const { host, port = "", login = "" } = answer;
  const scheme = answer.scheme === "socks5h" ? "socks5" : answer.scheme;
  const { hostname } = new URL(`${scheme}://${host.includes(":") ? `[${host}]` : host || "-"}`);
  return `${scheme}://${login}@${hostname}:${port || defaultPorts[scheme]}`;
}

describe("proxyFor", () => {
  it("answers as Go's ProxyFromEnvironment in every row of the vectors", () => {
    const refused = new Set<string>();
    for (const { env, answers } of readVectors<{ env: Environment; answers: Record<string, GoAnswer> }>(
      "proxies.jsonl",
    )) {
      for (const [url, answer] of Object.entries(answers)) {
        const row = JSON.stringify({ env, url });
        let ours: string | undefined;
        try {
          const proxy = proxyFor(new URL(url), env);
          ours = proxy && written(proxy);
        } catch (error) {
          assert.ok(error instanceof ProxyVariableError, row);
          if (env["REQUEST_METHOD"] === undefined) {
            refused.add(env["HTTPS_PROXY"] ?? row);
            continue;
          }
          ours = "refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy";
        }
        assert.equal(ours, writtenByGo(answer), row);
      }
    }
    assert.deepEqual([...refused].sort(), [...unusable].sort());
  });

  it("names the variable and never its value", () => {
    for (const variable of ["HTTPS_PROXY", "https_proxy"]) {
      for (const value of [
        "http://jane:c4n4ry/x@proxy:1",
        "ftp://jane:c4n4ry@proxy",
        "jane:c4n4ry@proxy:0",
      ]) {
        assert.throws(
          () => proxyFor(new URL("https://registry.example.com"), { [variable]: value }),
          ({ message }: Error) => message.includes(`variable ${variable} `) && !/c4n4ry|jane/.test(message),
        );
      }
    }
  });

  const howTo =
    "write host:port, or http://, https:// or socks5:// before it, and escape special characters in a password (%40 for @).";
  const problems: [value: string, problem: string][] = [
    ["not a url", "is not the address of a proxy"],
    ["http://u:p%2x@proxy:1", "is not the address of a proxy"],
    ["FTP://proxy", "has a scheme that is not supported (ftp)"],
    ["socks5hx://proxy", "has a scheme that is not supported (socks5hx)"],
    ["xsocks5h://proxy", "has a scheme that is not supported (xsocks5h)"],
    ["proxy:0", "has a host or a port that can't exist"],
    ["proxy:65536", "has a host or a port that can't exist"],
  ];
  for (const [value, problem] of problems) {
    it(`says what is wrong with ${value}, and what to write`, () => {
      assert.throws(() => proxyFor(new URL("https://registry.example.com"), { HTTPS_PROXY: value }), {
        name: "ProxyVariableError",
        message: `The environment variable HTTPS_PROXY ${problem}: ${howTo}`,
      });
    });
  }

  it("says why it does not use HTTP_PROXY in a CGI program", () => {
    for (const variable of ["HTTP_PROXY", "http_proxy"]) {
      const env = { [variable]: "proxy:1", REQUEST_METHOD: "GET" };
      assert.throws(() => proxyFor(new URL("http://registry.example.com"), env), {
        name: "ProxyVariableError",
        message: `${variable} is set together with REQUEST_METHOD, so anybody who sends a request to this program may have set it (CGI): it is not used, as in Go. Unset one of the two.`,
      });
    }
  });

  it("does not read a variable that does not count", () => {
    const env = { HTTPS_PROXY: "not a url", NO_PROXY: "example.com" };
    for (const url of ["http://registry.test", "https://localhost:5000", "https://registry.example.com"]) {
      assert.equal(proxyFor(new URL(url), env), undefined);
    }
  });

  it("comes to its end with long hostile variables", () => {
    for (const piece of ["a", "a.", ":", "@", "%", "[", "/", ",", "*.", "0.", "1/", "::"]) {
      const long = piece.repeat(100_000);
      assert.equal(
        proxyFor(new URL("https://a.test"), { HTTPS_PROXY: "p", NO_PROXY: `${long},*` }),
        undefined,
      );
      for (const value of [long, `http://${long}`, `http://u:${long}`]) {
        try {
          proxyFor(new URL("https://a.test"), { HTTPS_PROXY: value });
        } catch (error) {
          assert.ok(error instanceof ProxyVariableError);
        }
      }
    }
  });
});
