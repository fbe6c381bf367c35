import { quote } from "./problems";

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Why `name` is no DNS-1123 label (namespaces, containers; RFC 1123, at most 63 characters), or undefined. */
export function dnsLabelProblem(name: string): string | undefined {
  return name.length <= 63 && dnsLabel.test(name)
    ? undefined
    : `${quote(name)} is no DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.`;
}

/** Why `name` is no DNS-1123 subdomain (names of Secrets and ServiceAccounts) of at most `limit` characters, or undefined. */
export function dnsSubdomainProblem(name: string, limit = 253): string | undefined {
  return name.length <= limit && dnsSubdomain.test(name)
    ? undefined
    : `${quote(name)} is no DNS-1123 subdomain: use at most ${limit} lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.`;
}
