import { containsUnknown, getString, isProperties, type Properties } from "./values";

const serverFields = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** The object without fields that only the server sets, and with a Secret's `stringData` moved into `data`. */
export function normalize(object: Properties): Properties {
  const { metadata } = object;
  const own = isProperties(metadata) ? { ...object, metadata: omit(metadata, serverFields) } : object;
  return own["kind"] === "Secret" && !containsUnknown(own) ? withEncodedData(own) : own;
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
