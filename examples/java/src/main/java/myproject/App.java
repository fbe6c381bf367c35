package myproject;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.kubernetesprivateregistry.ImagePullSecret;
import com.pulumi.kubernetesprivateregistry.ImagePullSecretArgs;
import com.pulumi.kubernetesprivateregistry.PrivateDeployment;
import com.pulumi.kubernetesprivateregistry.PrivateDeploymentArgs;
import com.pulumi.kubernetesprivateregistry.enums.ImagePullPolicy;
import com.pulumi.kubernetesprivateregistry.enums.Rotation;
import com.pulumi.kubernetesprivateregistry.inputs.ContainerPortArgsArgs;
import com.pulumi.kubernetesprivateregistry.inputs.HttpGetArgsArgs;
import com.pulumi.kubernetesprivateregistry.inputs.ProbeArgsArgs;
import com.pulumi.kubernetesprivateregistry.inputs.PullSecretReferenceArgs;
import com.pulumi.kubernetesprivateregistry.inputs.RegistryCredentialArgsArgs;
import com.pulumi.kubernetesprivateregistry.inputs.ResourcesArgsArgs;
import java.util.List;
import java.util.Map;

public final class App {
    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    private static void stack(Context context) {
        var pullSecret = new ImagePullSecret("registry-login", ImagePullSecretArgs.builder()
            .namespace("shop")
            .registries(
                RegistryCredentialArgsArgs.builder()
                    .server("www.3rdregistry.com")
                    .username("janedoe")
                    .password(context.config().requireSecret("registryPassword"))
                    .build(),
                RegistryCredentialArgsArgs.builder()
                    .server("europe-west1-docker.pkg.dev")
                    .googleKey(context.config().requireSecret("googleKey"))
                    .build())
            .rotation(Rotation.Versioned)
            .build());

        var app = new PrivateDeployment("awesomeapp", PrivateDeploymentArgs.builder()
            .namespace("shop")
            .pullSecrets(pullSecret.reference().applyValue(reference -> List.of(
                PullSecretReferenceArgs.builder()
                    .secretNames(reference.secretNames())
                    .servers(reference.servers())
                    .build())))
            // Known at the first preview, when the Secret's name is not: the image is checked then, too.
            .servers(pullSecret.servers())
            .image("www.3rdregistry.com/janedoe/awesomeapp:v1")
            .imagePullPolicy(ImagePullPolicy.IfNotPresent)
            .replicas(2)
            .ports(ContainerPortArgsArgs.builder().containerPort(8080).build())
            .readinessProbe(ProbeArgsArgs.builder()
                .httpGet(HttpGetArgsArgs.builder().port(8080).path("/ready").build())
                .build())
            .resources(ResourcesArgsArgs.builder()
                .requests(Map.of("cpu", "100m", "memory", "128Mi"))
                .build())
            .build());

        context.export("secretName", pullSecret.secretName());
        context.export("image", app.image());
    }
}
