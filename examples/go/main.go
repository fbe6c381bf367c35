package main

import (
	registry "example.com/pulumi-kubernetes-private-registry/sdk/go/kubernetesprivateregistry"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg := config.New(ctx, "")
		rotation := registry.RotationVersioned
		pullSecret, err := registry.NewImagePullSecret(ctx, "registry-login", &registry.ImagePullSecretArgs{
			Namespace: pulumi.String("shop"),
			Registries: registry.RegistryCredentialArgsArray{
				&registry.RegistryCredentialArgsArgs{
					Server:   pulumi.String("www.3rdregistry.com"),
					Username: pulumi.String("janedoe"),
					Password: cfg.RequireSecret("registryPassword"),
				},
				&registry.RegistryCredentialArgsArgs{
					Server:    pulumi.String("europe-west1-docker.pkg.dev"),
					GoogleKey: cfg.RequireSecret("googleKey"),
				},
			},
			Rotation: &rotation,
		})
		if err != nil {
			return err
		}

		app, err := registry.NewPrivateDeployment(ctx, "awesomeapp", &registry.PrivateDeploymentArgs{
			Namespace:   pulumi.String("shop"),
			PullSecrets: registry.PullSecretReferenceArray{pullSecret.Reference},
			// Known at the first preview, when the Secret's name is not: the image is checked then, too.
			Servers:         pullSecret.Servers,
			Image:           pulumi.String("www.3rdregistry.com/janedoe/awesomeapp:v1"),
			ImagePullPolicy: registry.ImagePullPolicyIfNotPresent,
			Replicas:        pulumi.Int(2),
			Ports: registry.ContainerPortArgsArray{
				&registry.ContainerPortArgsArgs{ContainerPort: pulumi.Int(8080)},
			},
			ReadinessProbe: &registry.ProbeArgsArgs{
				HttpGet: &registry.HttpGetArgsArgs{Port: pulumi.Int(8080), Path: pulumi.String("/ready")},
			},
			Resources: &registry.ResourcesArgsArgs{
				Requests: pulumi.StringMap{"cpu": pulumi.String("100m"), "memory": pulumi.String("128Mi")},
			},
		})
		if err != nil {
			return err
		}

		ctx.Export("secretName", pullSecret.SecretName)
		ctx.Export("image", app.Image)
		return nil
	})
}
