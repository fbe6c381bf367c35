using System.Collections.Generic;
using Pulumi;
using Pulumi.KubernetesPrivateRegistry;
using Pulumi.KubernetesPrivateRegistry.Inputs;

return await Deployment.RunAsync(() =>
{
    var config = new Config();

    var pullSecret = new ImagePullSecret("registry-login", new ImagePullSecretArgs
    {
        Namespace = "shop",
        Registries =
        {
            new RegistryCredentialArgsArgs
            {
                Server = "www.3rdregistry.com",
                Username = "janedoe",
                Password = config.RequireSecret("registryPassword"),
            },
            new RegistryCredentialArgsArgs
            {
                Server = "europe-west1-docker.pkg.dev",
                GoogleKey = config.RequireSecret("googleKey"),
            },
        },
        Rotation = Rotation.Versioned,
    });

    var app = new PrivateDeployment("awesomeapp", new PrivateDeploymentArgs
    {
        Namespace = "shop",
        PullSecrets =
        {
            pullSecret.Reference.Apply(reference => new PullSecretReferenceArgs
            {
                SecretNames = reference.SecretNames,
                Servers = reference.Servers,
            }),
        },
        // Known at the first preview, when the Secret's name is not: the image is checked then, too.
        Servers = pullSecret.Servers,
        Image = "www.3rdregistry.com/janedoe/awesomeapp:v1",
        ImagePullPolicy = ImagePullPolicy.IfNotPresent,
        Replicas = 2,
        Ports =
        {
            new ContainerPortArgsArgs { ContainerPort = 8080 },
        },
        ReadinessProbe = new ProbeArgsArgs
        {
            HttpGet = new HttpGetArgsArgs { Port = 8080, Path = "/ready" },
        },
        Resources = new ResourcesArgsArgs
        {
            Requests = { ["cpu"] = "100m", ["memory"] = "128Mi" },
        },
    });

    return new Dictionary<string, object?>
    {
        ["secretName"] = pullSecret.SecretName,
        ["image"] = app.Image,
    };
});
