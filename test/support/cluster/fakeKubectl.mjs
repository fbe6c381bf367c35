// Stands in for `kubectl proxy --unix-socket=PATH`: leads to the socket of API_SOCKET.
import { connect, createServer } from "node:net";

const [, socket] = /--unix-socket=(\S+)/.exec(process.argv.join(" "));
if (process.argv.includes("--context=nope")) {
  console.error('error: context "nope" does not exist');
  process.exit(1);
}
createServer((client) => {
  const api = connect(process.env.API_SOCKET);
  client.on("error", () => api.destroy()).pipe(api);
  api.on("error", () => client.destroy()).pipe(client);
}).listen(socket, () => {
  console.log(`Starting to serve on ${socket}`);
});
