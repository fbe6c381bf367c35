import assert from "node:assert/strict";
import { isExempt, isLoopback, proxyTarget } from "../../components/registry/noProxy";

/** What the vectors of Go, in proxy.spec.ts, do not have. */
describe("isExempt", () => {
  const cases: [noProxy: string, url: string, expected: boolean][] = [
    ["2001:db8:1:2:3:4:5:6", "https://[2001:db8:1:2:3:4:5:6]", true],
    ["2001:db8:1:2:3:4:5:6", "https://[2001:db8:1:2:3:4:5:7]", false],
    ["[2001:db8:1:2:3:4:5:6]:443", "https://[2001:db8:1:2:3:4:5:6]", true],
    ["fd00::", "https://[fd00::]", true],
    ["fd00::", "https://[fd00::1]", false],
    ["fd00::/8", "https://[fdff::1]", true],
    ["fd00::/8", "https://[fe00::1]", false],
    ["::ffff:10.0.0.0/104", "https://10.255.0.1", true],
    ["::ffff:10.0.0.0/104", "https://11.0.0.1", false],
    ["10.0.0.1/32", "https://10.0.0.1", true],
    ["10.0.0.1/33", "https://10.0.0.1", false],
    ["fd00::1/129", "https://[fd00::1]", false],
    ["x/10.0.0.0/8", "https://10.0.0.1", false],
    ["10.0.0.1", "https://registry.example.com", false],
    ["*.example.com", "https://registry.example.com", true],
    ["r*.example.com", "https://r.example.com", false],
    ["registry.*.com", "https://registry.example.com", false],
  ];
  for (const [noProxy, url, expected] of cases) {
    it(`is ${expected} for ${url} by ${noProxy}`, () => {
      assert.equal(isExempt(noProxy, proxyTarget(new URL(url))), expected);
    });
  }
});

describe("isLoopback", () => {
  const cases: [url: string, expected: boolean][] = [
    ["http://localhost:5000", true],
    ["http://127.255.0.1", true],
    ["http://[::1]", true],
    ["http://[::ffff:127.0.0.1]", true],
    ["http://128.0.0.1", false],
    ["http://[7f00::1]", false],
    ["http://[::2]", false],
    ["http://[1:1:1:1:1:1:1:1]", false],
    ["http://registry.localhost", false],
  ];
  for (const [url, expected] of cases) {
    it(`is ${expected} for ${url}`, () => {
      assert.equal(isLoopback(proxyTarget(new URL(url))), expected);
    });
  }
});
