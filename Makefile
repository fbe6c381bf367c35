# Every target works on a fresh clone by itself: what it needs is installed once, Node.js too where the machine's is too old.
STACK ?= local
# What is given is text: neither make nor a shell runs what stands in it. Recipes read it from the environment.
$(foreach name,STACK SERVER FLAGS,$(if $(filter-out undefined,$(origin $(name))),$(eval override $(name) := $$(value $(name)))))
ifeq ($(origin PULUMI_CONFIG_PASSPHRASE),command line)
override PULUMI_CONFIG_PASSPHRASE := $(value PULUMI_CONFIG_PASSPHRASE)
endif

ifneq ($(filter local organization/local organization/kubernetes-private-registry/local,$(STACK)),)
# Of the throw-away passwords in stacks/Pulumi.local.yaml. Other stacks use your own passphrase or secrets provider.
export PULUMI_CONFIG_PASSPHRASE := local-example-only
FLAGS ?= --yes
else
# Off a terminal nobody can answer the question.
FLAGS ?= $(shell test -t 0 || echo --yes)
endif
export STACK SERVER FLAGS

# The package's commands, with a pulumi that works on this project's stacks, and this Makefile's targets in their messages.
commands := KUBERNETES_PRIVATE_REGISTRY_BY_MAKE=true PATH="$$PWD/offline/commands:$$PATH" offline/with-node node --import tsx commands/main.ts

.PHONY: help up preview plan destroy rotate rotate-finish import-logins test test-other-node lint cluster cluster-down e2e
.DEFAULT_GOAL := help

help: ## Show this list
	@echo "Usage: make TARGET [STACK=local|dev|staging|prod] [FLAGS=...]"
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  \1\t\2/' | expand -t 18

up: node_modules ## Bring the stack up: local renders manifests, other stacks use your cluster
	@set -f; offline/run up $$FLAGS

preview: node_modules ## Show what up would change
	@offline/run preview

plan: node_modules ## Show which logins kubelet will try for each image; deploys nothing, asks nobody
	@$(commands) plan --stack="$$STACK"

destroy: node_modules ## Delete all that up has made
	@set -f; offline/run destroy $$FLAGS

rotate: node_modules ## Rotate a password (SERVER=...): read it, keep the old login beside it, preview, ask, up
	@set -f; $(commands) rotate --stack="$$STACK" --server="$$SERVER" $$FLAGS

rotate-finish: node_modules ## Drop the old login after a rotation (of SERVER alone): preview, ask, up
	@set -f; $(commands) rotate-finish --stack="$$STACK" $${SERVER:+"--server=$$SERVER"} $$FLAGS

import-logins: node_modules ## Add the logins of a Docker config.json (make import-logins < config.json), encrypted
	@$(commands) import-logins --stack="$$STACK"

test: node_modules ## Run all checks and tests: format, lint, types, unit, engine
	@offline/with-node npm run --silent verify

test-other-node: node_modules ## Run unit and engine tests on Node 24 where test runs on 22, else on 22
	@offline/with-node --other npm run --silent test:node

lint: node_modules ## Check format, lint, types and the packed package
	@offline/with-node npm run --silent lint:all

cluster: ## Bring up a Kubernetes and two private registries, unless KUBECONFIG and REGISTRY name yours
	@test/cluster/up.sh

cluster-down: ## End that cluster and undo what it did to the machine
	@test/cluster/down.sh

e2e: node_modules cluster ## Run the end-to-end tests: real kubelet, real registries, passwords that change
	@offline/with-node npm run --silent test:e2e

node_modules: package.json package-lock.json
	@offline/with-node npm ci
	@touch node_modules
