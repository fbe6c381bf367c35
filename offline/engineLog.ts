import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { engineAddress } from "./serve";

const engine = new EngineClient(engineAddress() ?? "", credentials.createInsecure());

/** Shows a warning next to the resource, and again at the end of the update. */
export function logWarning(urn: string, message: string): void {
  log(new LogRequest().setSeverity(LogSeverity.WARNING).setUrn(urn).setMessage(message));
}

/** Shows a resource's status until the next message. */
export function logStatus(urn: string, message: string): void {
  log(new LogRequest().setSeverity(LogSeverity.INFO).setUrn(urn).setMessage(message).setEphemeral(true));
}

function log(request: LogRequest): void {
  engine.log(request, () => undefined);
}
