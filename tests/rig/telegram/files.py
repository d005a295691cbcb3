"""The files that travel with messages, in either direction."""

from typing import NamedTuple

from .html import JSON
from .images import image_size
from .refusal import Refused, bad_request

PHOTO_MAX = 10 << 20
UPLOAD_MAX = 50 << 20
DOWNLOAD_MAX = 20 << 20


class Upload(NamedTuple):
    """A file as it arrived in a multipart body."""

    name: str
    data: bytes
    mime: str


class StoredFile(NamedTuple):
    """A file on the server. `path` is what `getFile` tells and what follows `/file/bot<token>/`."""

    id: str
    path: str
    name: str
    data: bytes
    mime: str
    size: tuple[int, int] | None = None

    def as_json(self) -> JSON:
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": len(self.data)}

    def as_photo(self) -> list[JSON]:
        width, height = self.size or (0, 0)
        return [{**self.as_json(), "width": width, "height": height}]

    def as_document(self) -> JSON:
        return {**self.as_json(), "file_name": self.name, "mime_type": self.mime}


class Files:
    """All files that the server knows, by id."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}

    def keep(self, upload: Upload, folder: str) -> StoredFile:
        number = len(self._by_id) + 1
        path = f"{folder}/file_{number}{'.' + upload.name.rpartition('.')[2] if '.' in upload.name else ''}"
        file = StoredFile(
            f"{folder}-{number:06d}", path, upload.name, upload.data, upload.mime, image_size(upload.data)
        )
        self._by_id[file.id] = file
        return file

    def read(self, given: Upload | str, folder: str) -> StoredFile:
        """What a call sends: a new upload, the id of a known file, or an address. Raises `Refused` (400)."""
        if isinstance(given, Upload):
            return self.keep(_checked(given, folder), folder)
        known = self._by_id.get(given)
        if known and known.id.startswith(folder):
            return known
        if given.startswith(("http://", "https://")):
            return StoredFile(f"{folder}-{given}", given, given.rpartition("/")[2], b"", "application/octet-stream")
        raise bad_request("wrong file identifier/HTTP URL specified")

    def to_download(self, file_id: str) -> StoredFile:
        """A file that the bot asks for. Raises `Refused` (400)."""
        if file_id not in self._by_id:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(self._by_id[file_id].data) > DOWNLOAD_MAX:
            raise bad_request("file is too big")
        return self._by_id[file_id]

    def forget(self) -> None:
        """Lose all of them, as the real server does with old ones."""
        self._by_id.clear()

    def at_path(self, path: str) -> StoredFile | None:
        return next((file for file in self._by_id.values() if file.path == path), None)


def _checked(upload: Upload, folder: str) -> Upload:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > (PHOTO_MAX if folder == "photos" else UPLOAD_MAX):
        raise Refused(413, "Request Entity Too Large")
    if folder == "photos":
        size = image_size(upload.data)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        if sum(size) > 10_000 or max(size) > 20 * min(size):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return upload
