import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

const maxMessageBytes = 400 * 1024 * 1024;
const engineCheckMillis = 500;

/** Serves a plugin as the engine expects: prints its port on standard output, and exits with the engine. */
export function serve(service: ServiceDefinition, implementation: UntypedServiceImplementation): void {
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  server.addService(service, implementation);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      throw error;
    }
    process.stdout.write(`${String(port)}\n`);
  });
  exitWithEngine();
}

/** The address of the engine: a plugin's only argument that is not a flag. */
export function engineAddress(): string | undefined {
  return process.argv.slice(2).find((argument) => !argument.startsWith("-"));
}

/** Turns a function into a gRPC handler; its exceptions become the call's error. */
export function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback({
            code: status.UNKNOWN,
            details: error instanceof Error ? error.message : String(error),
          });
        },
      );
  };
}

/** The engine starts a plugin in its own process group, so a killed engine does not end it. */
function exitWithEngine(): void {
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) {
      process.exit(1);
    }
  }, engineCheckMillis).unref();
}
