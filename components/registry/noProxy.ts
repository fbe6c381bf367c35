import { isIPv4, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";

/** Where a request goes, in the form that `NO_PROXY` is matched against. */
export interface ProxyTarget {
  /** In lower case; an IPv6 address without brackets. */
  host: string;
  port: string;
}

/** The target of a URL, with its scheme's default port filled in. */
export function proxyTarget({ hostname, port, protocol }: URL): ProxyTarget {
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port || (protocol === "https:" ? "443" : "80") };
}

/** Whether a request stays on this machine: Go never sends one through a proxy. */
export function isLoopback({ host }: ProxyTarget): boolean {
  const address = addressBytes(host);
  return (
    host === "localhost" ||
    (address?.length === 4 && address[0] === 127) ||
    (address?.length === 16 && address.every((byte, index) => byte === (index === 15 ? 1 : 0)))
  );
}

/**
 * Whether `NO_PROXY` exempts a target: `*` for all, an address, a CIDR, `example.com` with its subdomains, `.example.com`
 * or `*.example.com` for the subdomains alone; all but the CIDR may have a port. Anything else matches nothing.
 *
 * @see golang.org/x/net/http/httpproxy, Config.NoProxy
 */
export function isExempt(noProxy: string, target: ProxyTarget): boolean {
  const entries = noProxy.split(",").map((entry) => entry.trim().toLowerCase());
  return entries.includes("*") || entries.some((entry) => entryMatches(entry, target));
}

function entryMatches(entry: string, { host, port }: ProxyTarget): boolean {
  const address = addressBytes(host);
  const cidr = parseCidr(entry);
  if (cidr !== undefined) {
    return address !== undefined && cidrContains(cidr, address);
  }
  const [entryHost, entryPort] = splitPort(entry);
  const isPort = entryPort === "" || entryPort === port;
  if (address !== undefined) {
    return isPort && addressBytes(entryHost)?.toString() === address.toString();
  }
  const name = entryHost.replace(/^\*(?=\.)/, "");
  const domain = name.replace(/^\./, "");
  const ascii = (/\P{ASCII}/u.test(domain) && domainToASCII(domain)) || domain;
  return name !== "" && isPort && (host.endsWith(`.${ascii}`) || (!name.startsWith(".") && host === ascii));
}

/** Go's net.SplitHostPort; text that it can't split is a host without a port. */
function splitPort(entry: string): [host: string, port: string] {
  const [, literal, name, port = ""] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry) ?? [];
  return [literal ?? name ?? entry, port];
}

interface Cidr {
  address: readonly number[];
  bits: number;
}

function parseCidr(entry: string): Cidr | undefined {
  const [, network = "", length = ""] = /^([^/]*)\/(\d{1,3})$/.exec(entry) ?? [];
  const isMapped = isIPv6(network);
  const address = addressBytes(network);
  const bits = address?.length === 4 && isMapped ? Number(length) - 96 : Number(length);
  return address && bits <= address.length * 8 ? { address, bits } : undefined;
}

function cidrContains({ address: network, bits }: Cidr, address: readonly number[]): boolean {
  const prefix = (bytes: readonly number[]): string =>
    bytes
      .map((byte) => byte.toString(2).padStart(8, "0"))
      .join("")
      .slice(0, Math.max(bits, 0));
  return network.length === address.length && prefix(network) === prefix(address);
}

/** The 4 or 16 bytes of an address; 4 for an IPv4 address written as IPv6. */
function addressBytes(text: string): readonly number[] | undefined {
  if (isIPv4(text)) {
    return text.split(".").map(Number);
  }
  if (!isIPv6(text) || text.includes("%")) {
    return undefined;
  }
  const [head = "", tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split("::");
  const bytesOf = (groups: string): number[] =>
    groups
      .split(":")
      .filter((group) => group !== "")
      .flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]);
  const [before, after] = [bytesOf(head), bytesOf(tail ?? "")];
  const bytes = [...before, ...Array<number>(16 - before.length - after.length).fill(0), ...after];
  const isIPv4Mapped = bytes.slice(0, 12).every((byte, index) => byte === (index < 10 ? 0 : 255));
  return isIPv4Mapped ? bytes.slice(12) : bytes;
}
