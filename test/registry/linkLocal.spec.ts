import assert from "node:assert/strict";
import { isLinkLocal } from "../../components/registry/linkLocal";

describe("isLinkLocal", () => {
  const addresses: Record<string, boolean> = {
    "169.254.169.254": true,
    "169.254.0.0": true,
    "169.254.255.255": true,
    "169.253.255.255": false,
    "169.255.0.0": false,
    "10.0.0.1": false,
    "127.0.0.1": false,
    "[fe80::1]": true,
    "fe80::1%eth0": true,
    "febf:ffff::1": true,
    "fec0::1": false,
    "fe7f::1": false,
    "fd00::1": false,
    "::1": false,
    "::ffff:169.254.169.254": true,
    "[::ffff:a9fe:a9fe]": true,
    "::ffff:10.0.0.1": false,
    "::a9fe:a9fe": true,
    "64:ff9b::a9fe:a9fe": true,
    "64:ff9b::a00:1": false,
    "169.254.example.com": false,
    "169.254.[169.254": false,
    "169.254.]169.254": false,
    "registry.example.com": false,
    "": false,
  };
  for (const [address, expected] of Object.entries(addresses)) {
    it(`is ${expected} for ${JSON.stringify(address)}`, () => {
      assert.equal(isLinkLocal(address), expected);
    });
  }
});
