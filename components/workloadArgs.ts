import type * as pulumi from "@pulumi/pulumi";

/** When kubelet pulls an image. */
export const ImagePullPolicy = {
  /** At each start of a container: kubelet asks the registry what the tag points to. */
  Always: "Always",
  /** If the node does not have the image. */
  IfNotPresent: "IfNotPresent",
  /** Never: the image must already be on the node. */
  Never: "Never",
} as const;
export type ImagePullPolicy = (typeof ImagePullPolicy)[keyof typeof ImagePullPolicy];

/** A port of a container. */
export interface ContainerPortArgs {
  /** Port number, 1 to 65535. */
  containerPort: pulumi.Input<number>;
  /** Name of the port, at most 15 characters. */
  name?: pulumi.Input<string>;
  /** TCP, UDP or SCTP. Default TCP. */
  protocol?: pulumi.Input<string>;
}

/** CPU and memory of a container, as Kubernetes quantities by resource name. */
export interface ResourcesArgs {
  /** What the scheduler reserves, such as `cpu: "100m"`. */
  requests?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** The most that the container may use, such as `memory: "256Mi"`. */
  limits?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** An HTTP request that must be answered with 200 to 399. */
export interface HttpGetArgs {
  /** Port number of the container. */
  port: pulumi.Input<number>;
  /** Path of the request. Default `/`. */
  path?: pulumi.Input<string>;
  /** HTTP or HTTPS. Default HTTP. */
  scheme?: pulumi.Input<string>;
}

/** A TCP port that must accept a connection. */
export interface TcpSocketArgs {
  /** Port number of the container. */
  port: pulumi.Input<number>;
}

/** A command that must exit with 0. */
export interface ExecArgs {
  /** The command and its arguments, run without a shell. */
  command: pulumi.Input<pulumi.Input<string>[]>;
}

/** How kubelet checks a container's state: exactly one of `httpGet`, `tcpSocket` and `exec`. */
export interface ProbeArgs {
  /** Succeeds on an HTTP answer of 200 to 399. */
  httpGet?: pulumi.Input<HttpGetArgs>;
  /** Succeeds on a TCP connection. */
  tcpSocket?: pulumi.Input<TcpSocketArgs>;
  /** Succeeds if a command exits with 0. */
  exec?: pulumi.Input<ExecArgs>;
  /** Seconds to wait after the container's start. Default 0. */
  initialDelaySeconds?: pulumi.Input<number>;
  /** Seconds between two probes. Default 10. */
  periodSeconds?: pulumi.Input<number>;
  /** Seconds after which a probe times out. Default 1. */
  timeoutSeconds?: pulumi.Input<number>;
  /** How many failures in a row it takes. Default 3. */
  failureThreshold?: pulumi.Input<number>;
}

/** The settings of a container, apart from its image. */
export interface ContainerSettingsArgs {
  /** Replaces the image's entrypoint. */
  command?: pulumi.Input<pulumi.Input<string>[]>;
  /** Replaces the image's arguments. */
  args?: pulumi.Input<pulumi.Input<string>[]>;
  /** Environment variables by name. */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** When kubelet pulls the image. Kubernetes' default: Always for `:latest`, otherwise IfNotPresent. */
  imagePullPolicy?: pulumi.Input<ImagePullPolicy>;
  /** Ports that the container listens on. */
  ports?: pulumi.Input<pulumi.Input<ContainerPortArgs>[]>;
  /** CPU and memory. */
  resources?: pulumi.Input<ResourcesArgs>;
  /** Decides whether the container gets requests. */
  readinessProbe?: pulumi.Input<ProbeArgs>;
  /** Decides whether the container is restarted. */
  livenessProbe?: pulumi.Input<ProbeArgs>;
  /** Decides whether the container has started; the other probes wait for it. */
  startupProbe?: pulumi.Input<ProbeArgs>;
}

/** One container of a pod. */
export interface ContainerArgs extends ContainerSettingsArgs {
  /** Name of the container, a DNS-1123 label. */
  name: pulumi.Input<string>;
  /** Image reference, such as `registry.example.com/team/app:1.4`. */
  image: pulumi.Input<string>;
}

/**
 * What a Deployment runs: either `image` with the settings of that single container, or `containers`.
 */
export interface WorkloadArgs extends ContainerSettingsArgs {
  /** Image reference of the only container, which gets the Deployment's name. */
  image?: pulumi.Input<string>;
  /** Several containers, instead of a single image. */
  containers?: pulumi.Input<pulumi.Input<ContainerArgs>[]>;
  /** Containers that run to completion, one after another, before the others start. */
  initContainers?: pulumi.Input<pulumi.Input<ContainerArgs>[]>;
  /**
   * Number of pods. Left out by default: Kubernetes makes one, and the size that an autoscaler or `kubectl scale` sets
   * stays. What is given is set at each change, and is an error once somebody else has set another number.
   */
  replicas?: pulumi.Input<number>;
  /** Whether to allow images that no pull Secret serves, which kubelet pulls without a login. Default false. */
  allowAnonymous?: pulumi.Input<boolean>;
  /** Labels of the Deployment and its pods, in addition to the selector's `app.kubernetes.io/name`. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Annotations of the pods. */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Kubernetes PodSpec fields, merged last: objects member by member, lists of named items (containers, volumes, env)
   * by name; other values and lists are replaced. Pull Secrets are only added, never dropped.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- schema inference has no other type for free form
  podSpec?: any;
}

/** One Deployment of PrivateWorkloads. */
export interface DeploymentArgs extends WorkloadArgs {
  /** Key of its namespace; required if there are several. */
  namespace?: string;
  /**
   * Whether to deploy each image by the digest that its tag points to at this `up`, so that all nodes run the same image and a
   * preview shows a moved tag. Fails if the registry can't be asked. Default false.
   */
  pinDigest?: boolean;
}
