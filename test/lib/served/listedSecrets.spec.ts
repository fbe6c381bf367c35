import assert from "node:assert/strict";
import { notKnown } from "../../../components/lib/served/known";
import { listedSecrets, type ListingObjects } from "../../../components/lib/served/listedSecrets";
import type { PullingAccount, PullSecret } from "../../../components/lib/served/pullObjects";

const login: PullSecret = { namespace: "apps", name: "regcred", servers: ["registry.example.com"] };
const account: PullingAccount = { namespace: "apps", name: "runner", secretNames: ["regcred"] };
const listing = { imagePullSecrets: [{ name: "regcred" }] };

function listed(
  podSpec: object,
  objects: Partial<ListingObjects>,
  namespace: PullSecret["namespace"] = "apps",
) {
  return listedSecrets(
    { namespace, podSpec },
    { secrets: [], serviceAccounts: [], scope: "this stack", ...objects },
  );
}

describe("listedSecrets", () => {
  const unknownLogins = {
    kind: "notKnown",
    text: 'the logins of the pull Secret "regcred" are not known yet',
  };

  it("are those that the pods list, with the account that they run as", () => {
    assert.deepEqual(listed({ ...listing, serviceAccountName: "runner" }, { secrets: [login] }), {
      names: ["regcred"],
      secrets: [login],
      account: "runner",
      gaps: [],
    });
  });

  it("have no name of an account where that is not known", () => {
    const { account: name, gaps } = listed({ serviceAccountName: notKnown }, {});
    assert.equal(name, "");
    assert.deepEqual(gaps, [{ kind: "notKnown", text: "its ServiceAccount is not known yet" }]);
  });

  it("are elsewhere where nothing has or may have the name", () => {
    assert.deepEqual(listed(listing, {}).gaps, [
      { kind: "elsewhere", text: 'the pull Secret "regcred" is not in this stack' },
    ]);
    assert.deepEqual(listed({ serviceAccountName: "runner" }, {}).gaps, [
      { kind: "elsewhere", text: 'its ServiceAccount "runner" is not in this stack' },
    ]);
  });

  it("are not all known where something else may have the account's name too", () => {
    const serviceAccounts: PullingAccount[] = [account, { ...account, name: notKnown }];
    const { names, gaps } = listed({ serviceAccountName: "runner" }, { secrets: [login], serviceAccounts });
    assert.deepEqual(names, ["regcred"]);
    assert.deepEqual(gaps, [
      { kind: "notKnown", text: 'not all pull Secrets of its ServiceAccount "runner" are known yet' },
    ]);
  });

  it("take a Secret whose name and logins are known, whatever else may have its name", () => {
    const { secrets, gaps } = listed(listing, { secrets: [login, { ...login, name: notKnown }] });
    assert.deepEqual(secrets, [login]);
    assert.deepEqual(gaps, []);
  });

  it("have logins that are not known where one of the Secrets of the name has", () => {
    const secrets: PullSecret[] = [login, { ...login, servers: notKnown }];
    assert.deepEqual(listed(listing, { secrets }).gaps, [unknownLogins]);
  });

  it("are not sure to be of the workload's namespace while either of the two is not known", () => {
    const places: [PullSecret["namespace"], PullSecret["namespace"]][] = [
      [notKnown, "apps"],
      ["apps", notKnown],
      [notKnown, notKnown],
    ];
    for (const [namespace, own] of places) {
      const { secrets, gaps } = listed(listing, { secrets: [{ ...login, namespace }] }, own);
      assert.deepEqual(secrets, []);
      assert.deepEqual(gaps, [unknownLogins]);
    }
  });
});
