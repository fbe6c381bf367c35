import { readFileSync } from "node:fs";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  type CallRequest,
  CheckFailure,
  CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type ConstructRequest,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  type InvokeRequest,
  PropertyDiff,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Difference } from "./diff";
import { serve, unary } from "./serve";
import { fromStruct, getString, type Properties, toStruct } from "./values";

/** The resource of a request. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

/** The name that the engine's `pulumi:autonaming` config gives a resource without one. */
export type Autonaming = { readonly proposedName: string } | "disabled" | undefined;

/** A resource in the engine's state. */
export interface ResourceState {
  readonly id: string;
  readonly state: Properties;
}

export interface SettingFailure {
  readonly property: string;
  readonly reason: string;
}

export interface ResourceDifference {
  readonly properties: Map<string, Difference>;
  readonly deleteBeforeReplace: boolean;
}

/** A resource provider in terms of plain values; `serveProvider` handles the engine's protocol. */
export interface ResourceProvider {
  readonly packageName: string;
  checkSettings(settings: Properties): SettingFailure[];
  /** The names of the changed settings that replace all of the provider's resources. */
  settingsThatReplace(oldSettings: Properties, newSettings: Properties): string[];
  configure(settings: Map<string, string>): void;
  /** Completes the inputs. The old inputs are empty for a new resource. */
  check(resource: Resource, oldInputs: Properties, newInputs: Properties, autonaming: Autonaming): Properties;
  diff(resource: Resource, oldState: Properties, newInputs: Properties): ResourceDifference;
  create(resource: Resource, inputs: Properties, isPreview: boolean): Promise<ResourceState>;
  /** Fails for an import, whose state is empty. */
  read(state: Properties): void;
  update(
    resource: Resource,
    oldState: Properties,
    newInputs: Properties,
    isPreview: boolean,
  ): Promise<Properties>;
  delete(state: Properties): Promise<void>;
}

/** Serves the provider to the engine that started this process. */
export function serveProvider(provider: ResourceProvider): void {
  serve(ResourceProviderService, {
    getPluginInfo: unary(() => new PluginInfo().setVersion(versionOf(provider.packageName))),
    checkConfig: unary((request: CheckRequest) =>
      new CheckResponse()
        .setInputs(request.getNews())
        .setFailuresList(
          provider
            .checkSettings(fromStruct(request.getNews()))
            .map(({ property, reason }) => new CheckFailure().setProperty(property).setReason(reason)),
        ),
    ),
    diffConfig: unary((request: DiffRequest) => {
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const replaces = provider.settingsThatReplace(olds, news);
      return new DiffResponse().setReplacesList(replaces);
    }),
    configure: unary((request: ConfigureRequest) => {
      provider.configure(new Map(request.getVariablesMap().entries()));
      return new ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),
    check: unary((request: CheckRequest) => {
      const inputs = provider.check(
        resourceOf(request),
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
        autonamingOf(request),
      );
      return new CheckResponse().setInputs(toStruct(inputs));
    }),
    diff: unary((request: DiffRequest) => {
      const { properties, deleteBeforeReplace } = provider.diff(
        resourceOf(request),
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
      );
      return toDiffResponse(properties).setDeletebeforereplace(deleteBeforeReplace);
    }),
    create: unary(async (request: CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const { id, state } = await provider.create(resourceOf(request), inputs, request.getPreview());
      return new CreateResponse().setId(id).setProperties(toStruct(state));
    }),
    read: unary((request: ReadRequest) => {
      provider.read(fromStruct(request.getProperties()));
      return new ReadResponse()
        .setId(request.getId())
        .setProperties(request.getProperties())
        .setInputs(request.getInputs());
    }),
    update: unary(async (request: UpdateRequest) => {
      const state = await provider.update(
        resourceOf(request),
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
        request.getPreview(),
      );
      return new UpdateResponse().setProperties(toStruct(state));
    }),
    delete: unary(async (request: DeleteRequest) => {
      await provider.delete(fromStruct(request.getProperties()));
      return new Empty();
    }),
    cancel: unary(() => new Empty()),
    invoke: unary((request: InvokeRequest) => refuse(`the function ${request.getTok()}`)),
    call: unary((request: CallRequest) => refuse(`the method ${request.getTok()}`)),
    construct: unary((request: ConstructRequest) => refuse(`the component ${request.getType()}`)),
  });
}

/** Fails for what only the official plugin supports. */
export function refuse(what: string): never {
  throw new Error(
    `${what} is not in the offline stand-in. Let Pulumi download the official plugin (\`pulumi plugin install\`).`,
  );
}

/** The version of a package. The engine expects a plugin to have the version of its SDK. */
function versionOf(packageName: string): string {
  const manifest = readFileSync(require.resolve(`${packageName}/package.json`), "utf8");
  return getString(JSON.parse(manifest) as Properties, "version");
}

function resourceOf(request: { getUrn(): string }): Resource {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return { urn, type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}

function autonamingOf(request: CheckRequest): Autonaming {
  const autonaming = request.getAutonaming();
  if (autonaming?.getMode() === CheckRequest.AutonamingOptions.Mode.DISABLE) {
    return "disabled";
  }
  return autonaming === undefined ? undefined : { proposedName: autonaming.getProposedName() };
}

function toDiffResponse(properties: Map<string, Difference>): DiffResponse {
  const response = new DiffResponse().setHasdetaileddiff(true);
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  response.setChanges(properties.size > 0 ? DIFF_SOME : DIFF_NONE);
  for (const [path, { kind, replaces }] of properties) {
    const name = replaces ? (`${kind}_REPLACE` as const) : kind;
    const difference = new PropertyDiff().setKind(PropertyDiff.Kind[name]);
    response.getDetaileddiffMap().set(path, difference.setInputdiff(kind === "DELETE"));
    if (replaces) {
      response.addReplaces(path);
    }
  }
  return response;
}
