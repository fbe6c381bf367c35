import { containsUnknown, getString, isProperties, type Properties, type Value } from "./values";

const serverFields = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** The object without what only the server writes, and with a Secret's `stringData` where the server puts it. */
export function normalize(object: Properties): Properties {
  const { metadata } = object;
  const own = isProperties(metadata) ? { ...object, metadata: omit(metadata, serverFields) } : object;
  return own["kind"] === "Secret" && !containsUnknown(own) ? withEncodedData(own) : own;
}

/** The parts of an object of the cluster that an earlier object asked for. */
export function pick(object: Properties, asked: Properties): Properties {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key]) => key in asked)
      .map(([key, value]) => [key, pickValue(value, asked[key] ?? null)]),
  );
}

function pickValue(value: Value, asked: Value): Value {
  if (isProperties(value) && isProperties(asked)) {
    return pick(value, asked);
  }
  if (Array.isArray(value) && Array.isArray(asked)) {
    return value.map((element, index) => {
      const askedElement = asked[index];
      return askedElement === undefined ? element : pickValue(element, askedElement);
    });
  }
  return value;
}

export function omit(properties: Properties, keys: string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !keys.includes(key)));
}

function withEncodedData(object: Properties): Properties {
  const { stringData } = object;
  if (!isProperties(stringData)) {
    return object;
  }
  const data = isProperties(object["data"]) ? { ...object["data"] } : {};
  for (const key of Object.keys(stringData)) {
    data[key] = Buffer.from(getString(stringData, key)).toString("base64");
  }
  return { ...omit(object, ["stringData"]), data };
}
