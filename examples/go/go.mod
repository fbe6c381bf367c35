module private-registry-go

go 1.25

require (
	example.com/pulumi-kubernetes-private-registry/sdk/go/kubernetes-private-registry v0.1.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)

replace example.com/pulumi-kubernetes-private-registry/sdk/go/kubernetes-private-registry => ./sdks/kubernetes-private-registry
