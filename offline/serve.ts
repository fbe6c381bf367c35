import {
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { Any } from "google-protobuf/google/protobuf/any_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";

const maxMessageBytes = 400 * 1024 * 1024;
const engineCheckMillis = 500;

/** An error that carries protobuf details, as the engine expects them of a plugin. */
export class DetailedError extends Error {
  constructor(
    message: string,
    readonly details: Any[],
  ) {
    super(message);
  }
}

/** Serves a plugin as the engine expects it: its port on standard output, gone when the engine is. */
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

/** The address of the engine: the one argument of a plugin that is no flag. */
export function engineAddress(): string | undefined {
  return process.argv.slice(2).find((argument) => !argument.startsWith("-"));
}

/** Makes a gRPC handler of a function, whose exceptions become the error of the call. */
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
          callback(statusOf(error));
        },
      );
  };
}

function statusOf(error: unknown): { code: status; details: string; metadata?: Metadata } {
  const code = status.UNKNOWN;
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof DetailedError)) {
    return { code, details: message };
  }
  const detailed = new Status().setCode(code).setMessage(message).setDetailsList(error.details);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(detailed.serializeBinary()));
  return { code, details: message, metadata };
}

/** The engine puts a plugin into a process group of its own, so a killed engine does not take it along. */
function exitWithEngine(): void {
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) {
      process.exit(1);
    }
  }, engineCheckMillis).unref();
}
