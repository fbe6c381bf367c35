//go:build tools

// Package cli pins the version of the Pulumi CLI that build.sh builds.
package cli

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
