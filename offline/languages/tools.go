//go:build tools

// Package languages pins the versions of the language hosts that build.sh builds. They don't compile with the pkg/v3 of
// the CLI, which is why they are no part of its module; all modules but Pulumi's own are of the CLI's versions, so that
// the two builds share what is compiled.
package languages

import (
	_ "github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java"
	_ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
)
