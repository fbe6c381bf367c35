// Exits with 0 if Pulumi's download site can be reached within three seconds, through HTTPS_PROXY if that is set.
import { Buffer } from "node:buffer";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { URL } from "node:url";

const site = "get.pulumi.com";
const proxy = process.env.HTTPS_PROXY || process.env.https_proxy;

/** Asks an HTTP proxy for a connection to the site. Assumes that other proxies, such as SOCKS, can connect to it. */
function askProxy(url) {
  const client = { "http:": http, "https:": https }[url.protocol];
  if (client === undefined) {
    process.exit(0);
  }
  const login = [url.username, url.password].map(decodeURIComponent).join(":");
  client
    .request(url, {
      method: "CONNECT",
      path: `${site}:443`,
      auth: null,
      headers: {
        Host: `${site}:443`,
        ...(url.username && { "Proxy-Authorization": `Basic ${Buffer.from(login).toString("base64")}` }),
      },
    })
    .on("connect", ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
    .on("response", () => process.exit(1))
    .on("error", () => process.exit(1))
    .end();
}

setTimeout(() => process.exit(1), 3000);
if (proxy) {
  askProxy(new URL(proxy.includes("://") ? proxy : `http://${proxy}`));
} else {
  net.connect(443, site, () => process.exit(0)).on("error", () => process.exit(1));
}
