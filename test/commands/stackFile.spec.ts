import assert from "node:assert/strict";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../../commands/commandError";
import { ChangedFileError, readStackFile, replaceStackFile } from "../../commands/stackFile";

const shown = "stacks/Pulumi.dev.yaml";

describe("writing a stack file", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-file-"));
    path = join(folder, "Pulumi.dev.yaml");
    writeFileSync(path, "\ufeffbefore\r\n");
    chmodSync(path, 0o640);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("makes it anew beside itself: another inode, the same mode, and nothing else is left", () => {
    const { ino } = statSync(path);
    replaceStackFile(path, shown, "\ufeffbefore\r\n", "after\n");
    assert.equal(readFileSync(path, "utf8"), "after\n");
    assert.notEqual(statSync(path).ino, ino);
    assert.equal(statSync(path).mode & 0o7777, 0o640);
    assert.deepEqual(readdirSync(folder), ["Pulumi.dev.yaml"]);
  });

  it("keeps a symbolic link, and writes its target", () => {
    const link = join(folder, "link.yaml");
    symlinkSync("Pulumi.dev.yaml", link);
    replaceStackFile(link, shown, readStackFile(link, shown), "after\n");
    assert.equal(readlinkSync(link), "Pulumi.dev.yaml");
    assert.equal(readFileSync(path, "utf8"), "after\n");
  });

  it("refuses when the file is not what was read, and leaves it alone", () => {
    assert.throws(() => {
      replaceStackFile(path, shown, "before\r\n", "after\n");
    }, new ChangedFileError("stacks/Pulumi.dev.yaml has changed since it was read: run the command again."));
    assert.equal(readFileSync(path, "utf8"), "\ufeffbefore\r\n");
    assert.deepEqual(readdirSync(folder), ["Pulumi.dev.yaml"]);
  });

  it("refuses while another command writes, or was killed as it did, and says which file to delete", () => {
    const draft = join(folder, ".Pulumi.dev.yaml.new");
    writeFileSync(draft, "of another");
    assert.throws(() => {
      replaceStackFile(path, shown, "\ufeffbefore\r\n", "after\n");
    }, /^CommandError: stacks\/\.Pulumi\.dev\.yaml\.new exists: another command is writing the stack file\. If none is, one was killed as it wrote: delete stacks\/\.Pulumi\.dev\.yaml\.new and run this again\.$/);
    assert.equal(readFileSync(draft, "utf8"), "of another");
    assert.equal(readFileSync(path, "utf8"), "\ufeffbefore\r\n");
  });

  it("refuses a file that is missing, or not UTF-8", () => {
    assert.throws(
      () => readStackFile(join(folder, "typo.yaml"), "stacks/Pulumi.typo.yaml"),
      new CommandError(
        "there is no stacks/Pulumi.typo.yaml: name a stack that has a file, or run `pulumi config set` in a new one first.",
      ),
    );
    writeFileSync(path, Buffer.from([0x61, 0xe4, 0x0a]));
    assert.throws(
      () => readStackFile(path, shown),
      new CommandError("stacks/Pulumi.dev.yaml is not UTF-8: save it as UTF-8."),
    );
  });
});
