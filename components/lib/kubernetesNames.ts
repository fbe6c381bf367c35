import { quote } from "./problems";

// The rules are those of kubernetes apimachinery pkg/util/validation/validation.go and pkg/api/resource/quantity.go.

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Why `name` is not a DNS-1123 label (namespaces, containers; RFC 1123, at most 63 characters), or undefined. */
export function dnsLabelProblem(name: string): string | undefined {
  return name.length <= 63 && dnsLabel.test(name)
    ? undefined
    : `${quote(name)} is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.`;
}

/** Why `name` is not a DNS-1123 subdomain (names of Secrets and ServiceAccounts) of at most `limit` characters, or undefined. */
export function dnsSubdomainProblem(name: string, limit = 253): string | undefined {
  return name.length <= limit && dnsSubdomain.test(name)
    ? undefined
    : `${quote(name)} is not a DNS-1123 subdomain: use at most ${limit} lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.`;
}

const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Why `key` is not a qualified name (keys of labels and annotations, names of resources), or undefined. */
export function qualifiedNameProblem(key: string): string | undefined {
  const [name = "", prefix, ...others] = key.split("/").reverse();
  const isPrefixed = prefix === undefined || dnsSubdomainProblem(prefix.toLowerCase()) === undefined;
  return isPrefixed && others.length === 0 && name.length <= 63 && namePart.test(name)
    ? undefined
    : `${quote(key)} is not a qualified name: use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, and before them a domain and "/", or nothing.`;
}

/** Why `value` is not a label value, or undefined. */
export function labelValueProblem(value: string): string | undefined {
  return value === "" || (value.length <= 63 && namePart.test(value))
    ? undefined
    : `${quote(value)} is not a label value: use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends.`;
}

/** Why `name` is not a container port name (RFC 6335, at most 15 characters), or undefined. */
export function portNameProblem(name: string): string | undefined {
  return name.length <= 15 && /[a-z]/.test(name) && !name.includes("--") && dnsLabel.test(name)
    ? undefined
    : `${quote(name)} is not a port name: use at most 15 lower-case letters, digits and single "-", with a letter or digit at both ends, and a letter in it.`;
}

/** Why `name` is not an environment variable name, or undefined. */
export function environmentNameProblem(name: string): string | undefined {
  return /^[ -<>-~]+$/.test(name)
    ? undefined
    : `${quote(name)} is not an environment variable name: use printable ASCII characters other than "=".`;
}

const quantity = /^\+?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** Why `text` is not a resource quantity, or undefined. */
export function quantityProblem(text: string): string | undefined {
  return quantity.test(text)
    ? undefined
    : `${quote(text)} is not a quantity: write a number with a unit or none, such as "100m", "0.5" or "1Gi".`;
}
