#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Fetches the packages of corpus.tsv by name with the ordinary clients and keeps their source files.

  fetch_corpus.py OUT [--split train] [--only pypi,npm] [--jobs 6]

Writes OUT/<split>/<ecosystem>/<package>/... and OUT/fetched.tsv (ecosystem, package, version, licence as the package states it,
split, files). A package that cannot be had, or whose own licence field names a copyleft licence, is left out and said. Needs pip, npm,
go, curl (crates and Maven by the clients' configured addresses) and apt-get; none of them is needed to build or to use the program.
"""
import argparse, concurrent.futures, io, json, os, pathlib, re, shutil, subprocess, sys, tarfile, tempfile, zipfile

ENDINGS = {".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".py", ".rs", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".tsx", ".go",
           ".java", ".cs", ".rb", ".php", ".sh", ".bash"}
SKIP = re.compile(r"(^|/)(tests?|testing|spec|specs|__tests__|vendor|third[_-]?party|node_modules|fixtures|examples?|locale|dist/umd|umd|bundles?|esm5|migrations|generated|min)(/|$)"
                  r"|\.min\.|\.d\.ts$|_test\.go$|\.pb\.go$|_pb2\.py$|zz_generated|\.bundle\.", re.I)
COPYLEFT = re.compile(r"\b(L?GPL|AGPL|MPL|EPL|CDDL|EUPL)|GNU |Mozilla", re.I)
MAX_FILE, MAX_FILES, MAX_BYTES = 400_000, 1_500, 12_000_000


class Kept:
    """Source files of one package, bounded."""

    def __init__(self, folder):
        self.folder, self.files, self.bytes = pathlib.Path(folder), 0, 0

    def add(self, name, data):
        path = pathlib.PurePosixPath(name)
        if path.suffix not in ENDINGS or path.is_absolute() or ".." in path.parts or SKIP.search("/".join(path.parts)):
            return
        if len(data) > MAX_FILE or self.files >= MAX_FILES or self.bytes + len(data) > MAX_BYTES:
            return
        if data.count(b"\n") * 400 < len(data):  # minified
            return
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.files += 1
        self.bytes += len(data)

    def add_folder(self, root):
        for base, folders, files in os.walk(root):
            folders.sort()
            for name in sorted(files):
                full = os.path.join(base, name)
                if os.path.isfile(full) and not os.path.islink(full):
                    self.add(os.path.relpath(full, root), pathlib.Path(full).read_bytes())

    def add_archive(self, path):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in sorted(archive.namelist()):
                    if pathlib.PurePosixPath(name).suffix in ENDINGS:
                        self.add(name, archive.read(name))
            return
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and pathlib.PurePosixPath(member.name).suffix in ENDINGS and member.size <= MAX_FILE:
                    self.add(member.name.split("/", 1)[-1], archive.extractfile(member).read())


def run(*command, cwd=None, timeout=240):
    return subprocess.run(command, cwd=cwd, timeout=timeout, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True).stdout


def only_file(folder):
    return max(pathlib.Path(folder).iterdir(), key=lambda file: file.stat().st_size)


def from_pypi(package, kept, work):
    run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-build-isolation", "--only-binary=:all:", "-d", work, package)
    wheel = only_file(work)
    kept.add_archive(wheel)
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(archive.read(n).decode("utf8", "replace") for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
    found = re.findall(r"^(?:License|License-Expression|Classifier: License ::).*$", metadata.split("\n\n")[0], re.M)
    return wheel.name.split("-")[1], "; ".join(line.split("::")[-1].split(":")[-1].strip()[:60] for line in found)


def from_npm(package, kept, work):
    run("npm", "pack", "--silent", package, cwd=work)
    archive = only_file(work)
    kept.add_archive(archive)
    with tarfile.open(archive) as tar:
        about = json.load(next(tar.extractfile(m) for m in tar if m.name.count("/") == 1 and m.name.endswith("/package.json")))
    return about.get("version", ""), str(about.get("license", ""))


def from_go(package, kept, work):
    env = dict(os.environ, GOMODCACHE=os.path.join(work, "mod"), GOFLAGS="-mod=mod -modcacherw")
    answer = subprocess.run(["go", "mod", "download", "-json", package + "@latest"], cwd=work, env=env, check=True, timeout=240,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True).stdout
    about = json.loads(answer)
    kept.add_folder(about["Dir"])
    return about["Version"], ""


def from_crate(package, kept, work):
    pathlib.Path(work, "src").mkdir()
    pathlib.Path(work, "src/lib.rs").write_text("")
    pathlib.Path(work, "Cargo.toml").write_text(f'[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n{package} = "*"\n')
    home = os.path.join(work, "home")
    env = dict(os.environ, CARGO_HOME=home)
    for name in ("config.toml", "config"):
        own = pathlib.Path(os.environ.get("CARGO_HOME", str(pathlib.Path.home() / ".cargo")), name)
        if own.exists():
            os.makedirs(home, exist_ok=True)
            shutil.copy(own, home)
    subprocess.run(["cargo", "vendor", "-q", "all"], cwd=work, env=env, check=True, timeout=300, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    folder = pathlib.Path(work, "all", package)
    kept.add_folder(folder)
    text = (folder / "Cargo.toml").read_text()
    version, licence = (re.search(rf'^{key} = "(.*)"', text, re.M) for key in ("version", "license"))
    return version.group(1) if version else "", licence.group(1) if licence else ""


def from_maven(package, kept, work):
    run("mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get", f"-Dartifact={package}:LATEST:jar:sources", "-Dtransitive=false",
        f"-Dmaven.repo.local={os.path.expanduser('~/.m2/repository')}", cwd=work)
    group, artifact = package.split(":")
    jars = sorted(pathlib.Path(os.path.expanduser("~/.m2/repository"), *group.split("."), artifact).glob("*/*-sources.jar"))
    kept.add_archive(jars[-1])
    return jars[-1].parent.name, ""


def from_deb(package, kept, work):
    run("apt-get", "download", "-q", package, cwd=work)
    archive = only_file(work)
    run("dpkg", "-x", str(archive), os.path.join(work, "x"))
    kept.add_folder(os.path.join(work, "x"))
    return archive.name.split("_")[1], ""


def from_debsrc(package, kept, work):
    run("apt-get", "source", "-q", "--download-only", package, cwd=work, timeout=420)
    archives = [f for f in pathlib.Path(work).iterdir() if ".orig" in f.name and not f.name.endswith(".asc")]
    for archive in sorted(archives):
        kept.add_archive(archive)
    return sorted(archives)[0].name.split("_")[1].split(".orig")[0], ""


SOURCES = {"pypi": from_pypi, "npm": from_npm, "go": from_go, "crate": from_crate, "maven": from_maven, "deb": from_deb, "debsrc": from_debsrc}


def fetch(row, out):
    ecosystem, package, licence, split = row
    folder = pathlib.Path(out, split, ecosystem, re.sub(r"[^A-Za-z0-9._-]", "_", package))
    if folder.exists():
        return row, "kept from before"
    kept = Kept(folder)
    with tempfile.TemporaryDirectory() as work:
        try:
            version, stated = SOURCES[ecosystem](package, kept, work)
        except Exception as error:  # any client's failure leaves one package out
            said = getattr(error, "stderr", None) or str(error)
            return row, "left out: " + (said if isinstance(said, str) else said.decode("utf8", "replace")).strip()[-160:].replace("\n", " ")
        subprocess.run(["chmod", "-R", "u+w", work], check=False)
    if COPYLEFT.search(stated) and not re.search(r"MIT|Apache|BSD", stated):
        shutil.rmtree(folder, ignore_errors=True)
        return row, f"left out: states {stated}"
    with open(pathlib.Path(out, "fetched.tsv"), "a") as list_:
        list_.write("\t".join((ecosystem, package, version, stated or licence, split, str(kept.files))) + "\n")
    return row, f"{kept.files} files"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--split")
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=6)
    options = parser.parse_args()
    rows = [line.rstrip("\n").split("\t") for line in pathlib.Path(__file__).with_name("corpus.tsv").read_text().splitlines() if not line.startswith("#")]
    wanted = [r for r in rows if (not options.split or r[3] == options.split) and (not options.only or r[0] in options.only.split(","))]
    os.makedirs(options.out, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for row, said in pool.map(lambda r: fetch(r, options.out), wanted):
            print(f"{row[3]:<10} {row[0]:<7} {row[1]:<45} {said}", flush=True)


if __name__ == "__main__":
    main()
