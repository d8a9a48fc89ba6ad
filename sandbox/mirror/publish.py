"""Lays images down as a registry's storage, so that no writable registry ever has to run.

    publish.py STAND_INS HUB LAYERS MIRROR

STAND_INS is stand_ins.json, HUB a folder with what skopeo could copy from Docker Hub (a `dir:`
copy per image), LAYERS a folder of <layer>.tar for the others, MIRROR the folder to fill: the
storage in MIRROR/registry and the list in MIRROR/images.json.
"""

import hashlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

MADE_FROM = "Debian 13 (trixie) packages"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# One time for all, so that the same packages give the same image.
CREATED = "2025-08-09T00:00:00Z"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
# Not compressed: the way is a socket on the same machine, and unpacking is what takes the time
# (docs/adr/0004).
LAYER = "application/vnd.oci.image.layer.v1.tar"


class Storage:
    """The file layout of a distribution registry's storage."""

    def __init__(self, root: Path) -> None:
        self._v2 = root / "docker" / "registry" / "v2"

    def put_blob(self, repository: str, content: Path | bytes) -> dict[str, Any]:
        """Keep a blob once, link it into the repository, return its digest and size."""
        digest = digest_of(content)
        place = self._v2 / "blobs" / "sha256" / digest[:2] / digest / "data"
        if not place.exists():
            place.parent.mkdir(parents=True)
            if isinstance(content, Path):
                # Both are in the same folder of state: no second copy of a layer.
                place.hardlink_to(content)
            else:
                place.write_bytes(content)
        self._link(f"{repository}/_layers/sha256/{digest}", digest)
        return {"digest": f"sha256:{digest}", "size": place.stat().st_size}

    def put_manifest(self, repository: str, tags: list[str], manifest: bytes) -> None:
        digest = self.put_blob(repository, manifest)["digest"].removeprefix("sha256:")
        manifests = f"{repository}/_manifests"
        self._link(f"{manifests}/revisions/sha256/{digest}", digest)
        for tag in tags:
            self._link(f"{manifests}/tags/{tag}/current", digest)
            self._link(f"{manifests}/tags/{tag}/index/sha256/{digest}", digest)

    def _link(self, path: str, digest: str) -> None:
        link = self._v2 / "repositories" / path / "link"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.write_text(f"sha256:{digest}")


def digest_of(content: Path | bytes) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def publish_stand_in(storage: Storage, image: dict[str, Any], layers: Path) -> None:
    repository = f"library/{image['name']}"
    blobs = [storage.put_blob(repository, layers / f"{name}.tar") for name in image["layers"]]
    labels = {"org.hakoniwa.stand-in": "true", "org.hakoniwa.made-from": MADE_FROM}
    config = {
        "architecture": ARCHITECTURES[platform.machine()],
        "os": "linux",
        "created": CREATED,
        "config": {"Env": [PATH], "Labels": labels} | image["config"],
        "rootfs": {"type": "layers", "diff_ids": [blob["digest"] for blob in blobs]},
        "history": [
            {"created": CREATED, "created_by": f"hakoniwa: offline stand-in, {name} of {MADE_FROM}"}
            for name in image["layers"]
        ],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": CONFIG} | storage.put_blob(repository, json.dumps(config).encode()),
        "layers": [{"mediaType": LAYER} | blob for blob in blobs],
    }
    storage.put_manifest(repository, image["tags"], json.dumps(manifest).encode())


def publish_real(storage: Storage, image: dict[str, Any], copied: Path) -> None:
    """An image as Docker Hub has it, byte by byte; only the tag that was copied."""
    repository = f"library/{image['name']}"
    manifest = (copied / "manifest.json").read_bytes()
    parsed = json.loads(manifest)
    for blob in [parsed["config"], *parsed["layers"]]:
        storage.put_blob(repository, copied / blob["digest"].removeprefix("sha256:"))
    storage.put_manifest(repository, ["latest"], manifest)


def main(stand_ins: Path, hub: Path, layers: Path, mirror: Path) -> None:
    storage = Storage(mirror / "registry")
    listed = []
    for image in json.loads(stand_ins.read_text()):
        copied = hub / image["name"]
        real = (copied / "manifest.json").exists()
        if real:
            publish_real(storage, image, copied)
        else:
            publish_stand_in(storage, image, layers)
        for tag in ["latest"] if real else image["tags"]:
            entry = {"reference": f"{image['name']}:{tag}", "stand_in": not real}
            listed.append(entry | ({} if real else {"made_from": MADE_FROM}))
    (mirror / "images.json").write_text(json.dumps(listed, indent=2) + "\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
