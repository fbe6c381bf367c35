import { randomBytes } from "node:crypto";
import { compare } from "./diff";
import { refuse, type ResourceProvider, serveProvider } from "./provider";
import { getString, type Properties, reveal, revealProperties, unknown } from "./values";

const supportedType = "random:index/randomId:RandomId";
const inputNames = ["byteLength", "keepers", "prefix"];

/** The official provider's RandomId: random bytes that stay the same until an input changes. */
const provider: ResourceProvider = {
  packageName: "@pulumi/random",
  checkSettings: () => [],
  settingsThatReplace: () => [],
  configure: () => undefined,

  check({ type }, _oldInputs, newInputs) {
    if (type !== supportedType) {
      refuse(`the resource type ${type}`);
    }
    const byteLength = reveal(newInputs["byteLength"] ?? null);
    if (byteLength !== unknown && !(Number.isInteger(byteLength) && Number(byteLength) >= 1)) {
      throw new Error(`byteLength: ${JSON.stringify(byteLength)} is no whole number of at least 1`);
    }
    return newInputs;
  },

  diff(_resource, oldState, newInputs) {
    const oldInputs = Object.fromEntries(
      Object.entries(revealProperties(oldState)).filter(([name]) => inputNames.includes(name)),
    );
    const fieldsThatReplace = inputNames.map((name) => `.${name}`);
    const properties = compare(oldInputs, revealProperties(newInputs), fieldsThatReplace);
    return { properties, deleteBeforeReplace: false };
  },

  create(_resource, inputs, isPreview) {
    const encodings = isPreview ? unknownEncodings : encode(inputs);
    return Promise.resolve({
      id: isPreview ? "" : getString(encodings, "id"),
      state: { ...inputs, ...encodings },
    });
  },

  read(state) {
    if (Object.keys(state).length === 0) {
      refuse("the import of a RandomId");
    }
  },

  update: () => refuse("an update of a RandomId, which is only ever replaced,"),
  delete: () => Promise.resolve(),
};

const unknownEncodings = {
  b64Std: unknown,
  b64Url: unknown,
  dec: unknown,
  hex: unknown,
  id: unknown,
};

function encode(inputs: Properties): Properties {
  const bytes = randomBytes(Number(reveal(inputs["byteLength"] ?? null)));
  const prefix = getString(revealProperties(inputs), "prefix");
  const hex = bytes.toString("hex");
  return {
    b64Std: prefix + bytes.toString("base64"),
    b64Url: prefix + bytes.toString("base64url"),
    dec: prefix + BigInt(`0x${hex}`).toString(),
    hex: prefix + hex,
    id: bytes.toString("base64url"),
  };
}

serveProvider(provider);
