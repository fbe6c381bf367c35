# Sourced: the hello image, made without a container engine.
# shellcheck shell=bash

build_hello() { # $HELLO, from the standard library alone
  HELLO=$STATE/hello
  [ "$HELLO" -nt "$HERE/node/hello/main.go" ] && return
  mkdir -p "$STATE"
  go_build "$HELLO.$$" ./hello -ldflags='-s -w'
  mv "$HELLO.$$" "$HELLO"
}

blob() { # blob FOLDER < CONTENT: store it in the layout; prints its digest and size as members of a descriptor
  local new=$1/new digest
  cat > "$new"
  digest=$(sha256sum < "$new" | cut -d ' ' -f 1)
  printf '"digest": "sha256:%s", "size": %d' "$digest" "$(stat -c %s "$new")"
  mv "$new" "$1/blobs/sha256/$digest"
}

image_layout() { # image_layout FOLDER NAME COMMAND: an OCI image layout; COMMAND is the image's, a JSON array
  local folder=$1 name=$2 layer config manifest
  mkdir -p "$folder/blobs/sha256"
  layer=$(tar -C "$(dirname "$HELLO")" --owner 0 --group 0 --numeric-owner --mtime @0 -c "$(basename "$HELLO")" | blob "$folder")
  config=$(
    blob "$folder" << END
{"architecture": "$(go env GOARCH)", "os": "linux",
 "config": {"Entrypoint": ["/hello"], "Cmd": $3, "Env": ["VERSION=${name##*:}"]},
 "rootfs": {"type": "layers", "diff_ids": [$(cut -d ' ' -f 2 <<< "$layer" | tr -d ,)]}}
END
  )
  manifest=$(
    blob "$folder" << END
{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
 "config": {"mediaType": "application/vnd.oci.image.config.v1+json", $config},
 "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", $layer}]}
END
  )
  cat > "$folder/index.json" << END
{"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json", $manifest,
 "annotations": {"io.containerd.image.name": "$name"}}]}
END
  echo '{"imageLayoutVersion": "1.0.0"}' > "$folder/oci-layout"
}
