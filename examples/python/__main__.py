import pulumi
import pulumi_kubernetes_private_registry as registry

config = pulumi.Config()

pull_secret = registry.ImagePullSecret(
    "registry-login",
    namespace="shop",
    registries=[
        registry.RegistryCredentialArgsArgs(
            server="www.3rdregistry.com",
            username="janedoe",
            password=config.require_secret("registryPassword"),
        ),
        registry.RegistryCredentialArgsArgs(
            server="europe-west1-docker.pkg.dev",
            google_key=config.require_secret("googleKey"),
        ),
    ],
    rotation=registry.Rotation.VERSIONED,
)

app = registry.PrivateDeployment(
    "awesomeapp",
    namespace="shop",
    pull_secrets=[
        pull_secret.reference.apply(
            lambda reference: registry.PullSecretReferenceArgs(
                secret_names=reference.secret_names,
                servers=reference.servers,
            )
        ),
    ],
    # Known at the first preview, when the Secret's name is not: the image is checked then, too.
    servers=pull_secret.servers,
    image="www.3rdregistry.com/janedoe/awesomeapp:v1",
    image_pull_policy=registry.ImagePullPolicy.IF_NOT_PRESENT,
    replicas=2,
    ports=[registry.ContainerPortArgsArgs(container_port=8080)],
    readiness_probe=registry.ProbeArgsArgs(
        http_get=registry.HttpGetArgsArgs(port=8080, path="/ready"),
    ),
    resources=registry.ResourcesArgsArgs(requests={"cpu": "100m", "memory": "128Mi"}),
)

pulumi.export("secretName", pull_secret.secret_name)
pulumi.export("image", app.image)
