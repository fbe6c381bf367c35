import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { linkLocalCode } from "../../lib/registry/connectionFailures";
import { isLinkLocal } from "../../lib/registry/linkLocal";

/** Node's own lookup of a name, which fails for a name that has a link-local address. */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, []);
    } else if (addresses.some(({ address }) => isLinkLocal(address))) {
      callback(Object.assign(new Error("a link-local address"), { code: linkLocalCode }), []);
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      const [{ address, family } = { address: "", family: 4 }] = addresses;
      callback(null, address, family);
    }
  });
};
