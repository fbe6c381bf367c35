// The reconcilers of External Secrets Operator that the end-to-end tests need, with its fake store and generator alone.
//
//	external-secrets CLASS   reconciles in the cluster of KUBECONFIG until stdin ends, for the stores of this controller class
//	external-secrets render  renders {"template": {...}, "data": {...}} from stdin with the operator's template engine
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"
	"time"

	esv1 "github.com/external-secrets/external-secrets/apis/externalsecrets/v1"
	esv1alpha1 "github.com/external-secrets/external-secrets/apis/externalsecrets/v1alpha1"
	genv1alpha1 "github.com/external-secrets/external-secrets/apis/generators/v1alpha1"
	"github.com/external-secrets/external-secrets/pkg/controllers/clusterexternalsecret"
	"github.com/external-secrets/external-secrets/pkg/controllers/clusterexternalsecret/cesmetrics"
	ctrlcommon "github.com/external-secrets/external-secrets/pkg/controllers/common"
	"github.com/external-secrets/external-secrets/pkg/controllers/externalsecret"
	"github.com/external-secrets/external-secrets/pkg/controllers/externalsecret/esmetrics"
	ctrlmetrics "github.com/external-secrets/external-secrets/pkg/controllers/metrics"
	"github.com/external-secrets/external-secrets/pkg/controllers/secretstore"
	"github.com/external-secrets/external-secrets/pkg/controllers/secretstore/cssmetrics"
	"github.com/external-secrets/external-secrets/pkg/controllers/secretstore/ssmetrics"
	template "github.com/external-secrets/external-secrets/pkg/template/v2"
	corev1 "k8s.io/api/core/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgo "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: external-secrets CLASS | render")
	}
	if os.Args[1] == "render" {
		render()
	} else {
		reconcile(os.Args[1])
	}
}

func render() {
	var input struct{ Template, Data map[string]string }
	must(json.NewDecoder(os.Stdin).Decode(&input))
	secret := &corev1.Secret{}
	must(template.Execute(bytesOf(input.Template), bytesOf(input.Data), esv1.TemplateScopeValues, esv1.TemplateTargetData, secret))
	must(json.NewEncoder(os.Stdout).Encode(secret.Data))
}

func bytesOf(texts map[string]string) map[string][]byte {
	bytes := map[string][]byte{}
	for key, text := range texts {
		bytes[key] = []byte(text)
	}
	return bytes
}

func reconcile(class string) {
	go func() { // the tests hold stdin open: it ends with them, even if they are killed
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	ctrl.SetLogger(zap.New())
	ctrlmetrics.SetUpLabelNames(false)
	esmetrics.SetUpMetrics()
	ssmetrics.SetUpMetrics()
	cssmetrics.SetUpMetrics()
	cesmetrics.SetUpMetrics()

	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientgo.AddToScheme, apiextensions.AddToScheme, esv1.AddToScheme, esv1alpha1.AddToScheme, genv1alpha1.AddToScheme,
	} {
		must(add(scheme))
	}
	manager, err := ctrl.NewManager(ctrl.GetConfigOrDie(), ctrl.Options{
		Scheme:  scheme,
		Metrics: server.Options{BindAddress: "0"},
		Client:  client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}, &corev1.ConfigMap{}}}},
	})
	must(err)
	options := controller.Options{MaxConcurrentReconciles: 2, RateLimiter: ctrlcommon.BuildRateLimiter()}
	must((&secretstore.StoreReconciler{
		Client: manager.GetClient(), Log: ctrl.Log.WithName("SecretStore"), Scheme: scheme,
		ControllerClass: class, RequeueInterval: time.Minute,
	}).SetupWithManager(manager, options))
	must((&secretstore.ClusterStoreReconciler{
		Client: manager.GetClient(), Log: ctrl.Log.WithName("ClusterSecretStore"), Scheme: scheme,
		ControllerClass: class, RequeueInterval: time.Minute,
	}).SetupWithManager(manager, options))
	must((&externalsecret.Reconciler{
		Client: manager.GetClient(), SecretClient: manager.GetClient(), Log: ctrl.Log.WithName("ExternalSecret"), Scheme: scheme,
		RestConfig: manager.GetConfig(), ControllerClass: class, RequeueInterval: time.Minute, ClusterSecretStoreEnabled: true,
		EnableFloodGate: true,
	}).SetupWithManager(manager, options))
	must((&clusterexternalsecret.Reconciler{
		Client: manager.GetClient(), Log: ctrl.Log.WithName("ClusterExternalSecret"), Scheme: scheme, RequeueInterval: time.Minute,
	}).SetupWithManager(manager, options))
	must(manager.Start(ctrl.SetupSignalHandler()))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
