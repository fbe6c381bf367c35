import assert from "node:assert/strict";
import { checkServiceAccounts } from "../../components/lib/serviceAccounts";

describe("checkServiceAccounts", () => {
  it("takes names by namespace key, and the accounts of others", () => {
    const accounts = {
      serviceAccounts: { a: ["puller", "ci.bot"], b: [] },
      patchServiceAccounts: { a: ["default"] },
    };
    assert.deepEqual(checkServiceAccounts(accounts, ["a", "b"], false), []);
    assert.deepEqual(checkServiceAccounts({}, ["a"], true), []);
    const elsewhere = { serviceAccounts: { a: ["puller"] }, patchServiceAccounts: { b: ["puller"] } };
    assert.deepEqual(checkServiceAccounts(elsewhere, ["a", "b"], false), []);
  });

  it("finds unknown keys, wrong and doubled names, and accounts that exist or are in both", () => {
    const accounts = {
      serviceAccounts: { a: ["default", "Puller", "twice", "twice", "both"], jbos: ["x"] },
      patchServiceAccounts: { a: ["both"], jobs: ["both", "Wrong"] },
    };
    assert.deepEqual(checkServiceAccounts(accounts, ["a", "jobs"], false), [
      {
        path: "serviceAccounts.a[0]",
        reason: "every namespace already has it: attach to it with `patchServiceAccounts`.",
      },
      {
        path: "serviceAccounts.a[1]",
        reason:
          '"Puller" is not a DNS-1123 subdomain: use at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.',
      },
      { path: "serviceAccounts.a[3]", reason: '"twice" is listed twice.' },
      {
        path: "serviceAccounts.a[4]",
        reason: "is in `patchServiceAccounts` too: keep one of the two.",
      },
      {
        path: "serviceAccounts.jbos",
        reason: '"jbos" is not a key of `namespaces` (did you mean "jobs"?). Expected one of: a, jobs.',
      },
      {
        path: "patchServiceAccounts.jobs[1]",
        reason:
          '"Wrong" is not a DNS-1123 subdomain: use at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.',
      },
    ]);
  });
});
