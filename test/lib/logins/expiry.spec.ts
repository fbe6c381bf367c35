import assert from "node:assert/strict";
import { checkExpiry } from "../../../components/lib/logins/expiry";
import { ecrTokenUntil } from "../../support/secrets/cloudSecrets";

const now = new Date("2027-03-01T12:00:00Z");

function found(expiresAt: unknown, warningDays?: number): [problems: number, warnings: number] {
  const { problems, warnings } = checkExpiry([{ expiresAt }], now, warningDays);
  return [problems.length, warnings.length];
}

describe("checkExpiry", () => {
  it("warns from 14 days to one day before the end, and fails from the end on", () => {
    assert.deepEqual(found("2027-03-15T12:00:01Z"), [0, 0]);
    assert.deepEqual(found("2027-03-15T12:00:00Z"), [0, 1]);
    assert.deepEqual(found("2027-03-02T12:00:01Z"), [0, 1]);
    assert.deepEqual(found("2027-03-02T12:00:00Z"), [0, 0]);
    assert.deepEqual(found("2027-03-01T12:00:01Z"), [0, 0]);
    assert.deepEqual(found("2027-03-01T12:00:00Z"), [1, 0]);
    assert.deepEqual(found("2020-01-01T00:00:00Z"), [1, 0]);
  });

  it("warns from as many days before as it is told to", () => {
    assert.deepEqual(found("2027-03-31T12:00:00Z", 30), [0, 1]);
    assert.deepEqual(found("2027-03-31T12:00:01Z", 30), [0, 0]);
    for (const days of [0, 1]) {
      assert.deepEqual(found("2027-03-02T12:00:01Z", days), [0, 0]);
    }
  });

  it("reads the offset of a time", () => {
    assert.deepEqual(found("2027-03-01T13:00:00+01:00"), [1, 0]);
    assert.deepEqual(found("2027-03-02T12:00:01.5+00:00"), [0, 1]);
  });

  it("names the login, the time and what to do", () => {
    const registries = [
      {},
      { expiresAt: "2027-02-28T00:00:00Z" },
      { expiresAt: "2027-03-02T00:00:00Z" },
      { expiresAt: "2027-03-02T12:00:01Z" },
      { expiresAt: "2027-03-11T00:00:00Z" },
    ];
    const inFuture = (index: number, time: string, when: string) => ({
      path: `registries[${index}].expiresAt`,
      reason: `${time} is ${when}: create a new login before then, and rotate to it.`,
    });
    assert.deepEqual(checkExpiry(registries, now), {
      problems: [
        {
          path: "registries[1].expiresAt",
          reason:
            "2027-02-28T00:00:00Z has passed, so the registry rejects this login. Create a new one and update `expiresAt`.",
        },
      ],
      warnings: [
        inFuture(3, "2027-03-02T12:00:01Z", "one day from now"),
        inFuture(4, "2027-03-11T00:00:00Z", "9 days from now"),
      ],
    });
  });

  it("takes the time of an ECR token from its payload where no other is given, and never warns of one", () => {
    const ecrToken = ecrTokenUntil("2027-03-01T12:00:00Z");
    const withTime = { ecrToken, expiresAt: "2027-03-01T13:00:00Z" };
    assert.deepEqual(checkExpiry([{ ecrToken }, withTime], now), {
      problems: [
        {
          path: "registries[0].ecrToken",
          reason:
            "expired at 2027-03-01T12:00:00Z, so the registry rejects it. Get a new one, by GetAuthorizationToken, before each `up`.",
        },
      ],
      warnings: [],
    });
    for (const time of ["2027-03-01T12:00:01Z", "2027-03-02T00:00:00Z"]) {
      assert.deepEqual(checkExpiry([{ ecrToken: ecrTokenUntil(time) }], now, 3650), {
        problems: [],
        warnings: [],
      });
    }
  });

  it("leaves texts that only Date takes for a time to the check of the shape", () => {
    for (const text of ["2020", "2020 (\u001b[31m)", "1 Jan 2020", "2020-01-01 (x)"]) {
      assert.deepEqual(found(text), [0, 0]);
    }
  });

  it("leaves values of a wrong shape to the check of the shape", () => {
    const lists = [[null], [{ expiresAt: 7e9 }], [{ expiresAt: "soon" }], [{ ecrToken: "no token" }]];
    for (const registries of [undefined, "text", ...lists]) {
      assert.deepEqual(checkExpiry(registries, now), { problems: [], warnings: [] });
    }
  });
});
