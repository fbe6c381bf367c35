import { BlockList, isIP, isIPv6 } from "node:net";

const linkLocal = new BlockList();
linkLocal.addSubnet("169.254.0.0", 16, "ipv4");
linkLocal.addSubnet("fe80::", 10, "ipv6");
// The IPv4 range in IPv6: IPv4-compatible and NAT64 (RFC 6052). A BlockList already handles the IPv4-mapped form.
linkLocal.addSubnet("::a9fe:0", 112, "ipv6");
linkLocal.addSubnet("64:ff9b::a9fe:0", 112, "ipv6");

/**
 * Whether an address is link-local. Such addresses serve the machine itself, above all the cloud's metadata service. No
 * registry lives there, and a stack file or a server must not make us send anything to them.
 *
 * @param host an IP address, with or without brackets or a zone; false for a name.
 * @see RFC 3927 (169.254/16), RFC 4291 section 2.5.6 (fe80::/10)
 */
export function isLinkLocal(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "").replace(/%.*/, "");
  return isIP(address) !== 0 && linkLocal.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
