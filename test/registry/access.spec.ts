import assert from "node:assert/strict";
import { rootCertificates } from "node:tls";
import { distinctLogins, type ImageCheck, imageAccess, serverAccess } from "../../components/registry/access";
import type { PreflightError } from "../../components/registry/preflightError";

const [caBundle = ""] = rootCertificates;
const login = { username: "janedoe", password: "c4n4ry" };
const image = "registry.example.com/shop/web:v1";
const registry = { host: "registry.example.com", origin: "https://registry.example.com" };

describe("serverAccess", () => {
  it("is where the registry is, as whom, and whom to trust", () => {
    assert.deepEqual(serverAccess({ server: "registry.example.com", ...login }), {
      ...registry,
      login,
      caBundle: undefined,
    });
    assert.deepEqual(serverAccess({ server: "registry.example.com", ...login, insecure: true, caBundle }), {
      host: registry.host,
      origin: "http://registry.example.com",
      login,
      caBundle,
    });
  });

  it("refuses a caBundle that is not PEM, and does not repeat it", () => {
    for (const given of ["", "c4n4ry", caBundle.slice(30)]) {
      assert.throws(() => serverAccess({ server: "registry.example.com", ...login, caBundle: given }), {
        reason: "invalid",
        registry: "registry.example.com",
        image: undefined,
        message:
          'The caBundle of the registry "registry.example.com" is not a certificate in PEM: give the text starting at -----BEGIN CERTIFICATE-----.',
      });
    }
  });
});

describe("imageAccess", () => {
  const reference = {
    domain: "registry.example.com",
    path: "shop/web",
    tag: "v1",
    familiarName: "registry.example.com/shop/web",
  };

  it("is the image's registry and the parts of its reference", () => {
    const access = imageAccess({ image, server: "registry.example.com/shop", ...login, caBundle });
    assert.deepEqual(access, { registry: { ...registry, login, caBundle }, reference });
  });

  it("is anonymous with neither username nor password", () => {
    assert.deepEqual(imageAccess({ image, insecure: true }), {
      registry: {
        host: registry.host,
        origin: "http://registry.example.com",
        login: undefined,
        caBundle: undefined,
      },
      reference,
    });
  });

  const refused: [title: string, check: ImageCheck, registry: string, message: string][] = [
    [
      "a username alone",
      { image, username: "janedoe" },
      "registry.example.com",
      'The login for the registry "registry.example.com" has only a username or only a password: give both, or neither for an anonymous check.',
    ],
    [
      "a password alone",
      { image, password: "c4n4ry" },
      "registry.example.com",
      'The login for the registry "registry.example.com" has only a username or only a password: give both, or neither for an anonymous check.',
    ],
    [
      "a caBundle that is no PEM",
      { image, caBundle: "c4n4ry" },
      "registry.example.com",
      'The caBundle of the registry "registry.example.com" is not a certificate in PEM: give the text starting at -----BEGIN CERTIFICATE-----.',
    ],
  ];
  for (const [title, check, host, message] of refused) {
    it(`refuses ${title}`, () => {
      assert.throws(() => imageAccess(check), { reason: "invalid", registry: host, message });
    });
  }

  it("does not repeat the text before an @ in an invalid image reference", () => {
    for (const wrong of [
      "docker://jane:c4n4ry@registry.example.com/web",
      "jane:c4n4ry@registry.example.com/web",
    ]) {
      assert.throws(
        () => imageAccess({ image: wrong }),
        (error: PreflightError) => error.image === undefined && !/c4n4ry|jane/.test(error.message),
      );
    }
  });

  it("refuses an invalid image reference with the parser's message", () => {
    const wrong = "registry.example.com/Shop/web";
    assert.throws(() => imageAccess({ image: wrong }), {
      name: "PreflightError",
      reason: "invalid",
      registry: "",
      image: wrong,
      message: `"${wrong}" is not an image reference: its path "Shop/web" must be lower case.`,
    });
  });
});

describe("distinctLogins", () => {
  it("has each login of the checks once, and nothing for an anonymous one", () => {
    assert.deepEqual(distinctLogins([{ server: "a.test", ...login }, { image, ...login }, { image }]), [
      login,
    ]);
    assert.deepEqual(distinctLogins([{ image, password: "c4n4ry" }]), [{ username: "", password: "c4n4ry" }]);
    assert.deepEqual(distinctLogins([{ image, username: "janedoe" }]), [
      { username: "janedoe", password: "" },
    ]);
  });
});
