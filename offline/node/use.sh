# To be sourced by scripts that need Node.js: puts one from npm first on PATH, unless the one there satisfies package.json's
# `engines`.
node_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

is_new_enough() {
  command -v node >/dev/null && node -e '
    const { engines } = require(process.argv[1]);
    const parts = (version) => version.match(/\d+/g).map(Number);
    const [wanted, given] = [parts(engines.node), parts(process.versions.node)];
    const differs = wanted.findIndex((part, index) => part !== given[index]);
    process.exit(differs === -1 || given[differs] > wanted[differs] ? 0 : 1);' "$node_folder/../../package.json"
}

if ! is_new_enough; then
  PATH=$("$node_folder/install.sh"):$PATH
  export PATH
fi
