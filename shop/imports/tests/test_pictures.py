"""Pictures of product files: which addresses are asked, what is taken, where it goes. Nothing here uses a network."""

import io
import socket
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image as Pillow

from cms.models import CustomImage
from shop.catalog.models import ProductPage, Variant
from shop.imports.models import FetchedPicture, WantedPicture
from shop.imports.pictures.archive import PictureArchive
from shop.imports.pictures.fetching import Network, PictureError, fetch, is_public
from shop.imports.pictures.storing import store
from shop.imports.pictures.supply import retry_failed, supply
from shop.imports.services import import_products
from shop.imports.tests.factories import lamp, write_csv

PUBLIC = "93.184.215.14"


def png(colour: str = "teal", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


class Web:
    """Servers by name, without sockets to anywhere: what resolves to what, and what each answers."""

    def __init__(self, answers: dict[str, bytes], names: dict[str, list[str]] | None = None) -> None:
        self.answers, self.names = answers, names or {}
        self.asked: list[tuple[str, int]] = []
        self.heard: list[bytes] = []

    def network(self) -> Network:
        return Network(resolve=self.resolve, connect=self.connect)

    def resolve(self, host: str, port: int) -> list[str]:
        if host in self.names and not self.names[host]:
            raise socket.gaierror
        return self.names.get(host, [PUBLIC])

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        self.asked.append((address, port))
        ours, theirs = socket.socketpair()
        return _Answering(ours, theirs, self)  # type: ignore[return-value]


class _Answering:
    """A socket whose other end answers as soon as the request is complete."""

    def __init__(self, ours: socket.socket, theirs: socket.socket, web: Web) -> None:
        self._ours, self._theirs, self._web = ours, theirs, web

    def sendall(self, data: bytes) -> None:
        self._web.heard.append(data)
        host = next(line[6:] for line in data.decode().split("\r\n") if line.lower().startswith("host: "))
        answer = self._web.answers.get(host, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        import threading

        threading.Thread(target=self._answer, args=[answer]).start()

    def _answer(self, answer: bytes) -> None:
        with suppress(OSError):
            self._theirs.sendall(answer)
        self._theirs.close()

    def makefile(self, *args: Any, **kwargs: Any) -> Any:
        return self._ours.makefile(*args, **kwargs)

    def close(self) -> None:
        self._ours.close()


def answer(body: bytes, kind: str = "image/png", *, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class TestFetching:
    def test_asks_the_address_that_was_checked_in_the_name_of_the_host(self) -> None:
        web = Web({"cdn.example": answer(png())})
        assert fetch("http://cdn.example/a b/ü.png?v=1&x=é", web.network()) == png()
        assert web.asked == [(PUBLIC, 80)]
        assert b"GET /a%20b/%C3%BC.png?v=1&x=%C3%A9 HTTP/1.1" in web.heard[0]

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",  # noqa: S104
            "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
            "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:7f00:1::", "192.0.2.1",
            "198.18.0.1", "2001:db8::1", "nonsense",
        ],
    )  # fmt: skip
    def test_nothing_but_public_addresses(self, address: str) -> None:
        assert not is_public(address)
        web = Web({}, {"inside.example": [PUBLIC, address]})
        with pytest.raises(PictureError, match=r"inside\.example is not a public address"):
            fetch("http://inside.example/x.png", web.network())
        assert web.asked == []

    @pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "::ffff:93.184.215.14"])
    def test_public_ones(self, address: str) -> None:
        assert is_public(address)

    def test_a_name_that_changes_its_mind_gains_nothing(self) -> None:
        """The name is asked once for each request; the connection goes to the answer that was checked."""
        answers = iter([[PUBLIC], ["127.0.0.1"]])
        web = Web({"evil.example": answer(png())})
        fetch("http://evil.example/x.png", Network(resolve=lambda host, port: next(answers), connect=web.connect))
        assert web.asked == [(PUBLIC, 80)]

    def test_redirects_are_followed_by_the_same_rules(self) -> None:
        away = answer(b"", status="302 Found", Location="http://inside.example/secret")
        web = Web({"cdn.example": away}, {"inside.example": ["10.0.0.1"]})
        with pytest.raises(PictureError, match="not a public address"):
            fetch("http://cdn.example/x.png", web.network())
        assert web.asked == [(PUBLIC, 80)]
        web = Web(
            {
                "a.example": answer(b"", status="301 Moved", Location="//b.example:8080/y"),
                "b.example:8080": answer(png()),
            }
        )
        assert fetch("http://a.example/", web.network()) == png()
        web = Web({"a.example": answer(b"", status="302 Found", Location="/again")})
        with pytest.raises(PictureError, match="More than 3 redirects"):
            fetch("http://a.example/", web.network())

    @pytest.mark.parametrize(
        ("address", "message"),
        [
            ("ftp://x.example/a.png", "Only http"),
            ("file:///etc/passwd", "Only http"),
            ("http://", "Only http"),
            ("http://user:pw@x.example/", "user name"),
            ("http://x.example:22/", "Port 22"),
            ("http://x.example:99999/", "not an address"),
            ("http://[::1/", "not an address"),
            ("gopher://x", "Only http"),
        ],
    )
    def test_addresses_that_are_not_asked(self, address: str, message: str) -> None:
        with pytest.raises(PictureError, match=message):
            fetch(address, Web({}).network())

    @pytest.mark.parametrize(
        ("reply", "message"),
        [
            (answer(b"<html>", "text/html"), "not a picture but text/html"),
            (answer(b"<svg/>", "image/svg+xml"), "SVG"),
            (answer(b"x", status="500 Oops"), "answered 500"),
            (answer(b"x", status="404 Not Found"), "answered 404"),
            (b"nonsense\r\n\r\n", "did not answer"),
            (answer(b"", status="302 Found"), "has moved, but not where"),
        ],
    )
    def test_answers_that_are_not_taken(self, reply: bytes, message: str) -> None:
        with pytest.raises(PictureError, match=message):
            fetch("http://x.example/a.png", Web({"x.example": reply}).network())

    @pytest.mark.parametrize("told", [True, False])
    def test_at_most_as_much_as_an_upload(self, settings: Any, told: bool) -> None:
        settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100_000
        reply = answer(b"x" * 200_000)
        if not told:
            reply = reply.replace(b"Content-Length: 200000\r\n", b"")
        with pytest.raises(PictureError, match="larger than"):
            fetch("http://x.example/a.png", Web({"x.example": reply}).network())

    def test_a_server_that_is_not_there_may_come_back(self) -> None:
        with pytest.raises(PictureError, match="no server called") as caught:
            fetch("http://gone.example/", Web({}, {"gone.example": []}).network())
        assert caught.value.temporary


def archive(**files: bytes) -> PictureArchive:
    return PictureArchive(zipped({name.replace("__", "/") + ".png": data for name, data in files.items()}))


def zipped(files: dict[str, bytes], *, links: tuple[str, ...] = ()) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
        for name in links:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o120777 << 16
            packed.writestr(entry, "/etc/passwd")
    out.seek(0)
    return out


class TestArchive:
    def test_by_path_and_by_name(self) -> None:
        with archive(lamp=b"1", deep__Vase=b"2") as pictures:
            names = ("lamp.png", "LAMP.PNG", "deep/vase.png", "vase.png", r"x\vase.png")
            assert [pictures.read(name) for name in names] == [b"1", b"1", b"2", b"2", b"2"]
            assert "nothing.png" not in pictures
            with pytest.raises(PictureError, match=r"no picture called nothing\.png"):
                pictures.read("nothing.png")

    def test_traversal_is_only_a_name(self, tmp_path: Path) -> None:
        with PictureArchive(zipped({"../../../tmp/evil.png": b"x", "/abs/evil2.png": b"y"})) as pictures:
            assert (pictures.read("evil.png"), pictures.read("evil2.png")) == (b"x", b"y")
        assert not Path("/tmp/evil.png").exists()  # noqa: S108

    def test_links_folders_and_other_files_are_not_there(self) -> None:
        with PictureArchive(zipped({"run.exe": b"x", "folder.png/": b""}, links=("passwd.png",))) as pictures:
            assert len(pictures) == 0

    def test_a_bomb_is_not_unpacked(self) -> None:
        bomb = zipped({"bomb.png": b"\0" * 10_000_000})
        with PictureArchive(bomb) as pictures, pytest.raises(PictureError, match="far more than a picture"):
            pictures.read("bomb.png")

    def test_a_large_picture_is_refused(self, settings: Any) -> None:
        settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10
        with archive(a=b"12345678901") as pictures, pytest.raises(PictureError, match="larger than"):
            pictures.read("a.png")

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nonsense", b"x" * 1000])
    def test_what_is_no_archive(self, data: bytes) -> None:
        with pytest.raises(PictureError, match="not a ZIP file"):
            PictureArchive(io.BytesIO(data))

    def test_damage_inside(self) -> None:
        data = bytearray(zipped({"a.png": png()}).getvalue())
        data[40:60] = b"\xff" * 20
        with PictureArchive(io.BytesIO(bytes(data))) as pictures, pytest.raises(PictureError, match="damaged"):
            pictures.read("a.png")


@pytest.mark.django_db
class TestStoring:
    def test_the_same_bytes_are_one_image(self) -> None:
        first = store(png(), "http://x.example/a/Lamp%20one.PNG?x=1", title="Lamp")
        assert store(png(), "http://y.example/b", title="Other") == first
        assert (first.width, first.height, first.title) == (40, 30, "Lamp")
        assert str(first.file.name).endswith(".png")
        assert CustomImage.objects.count() == 1

    @pytest.mark.parametrize(
        "data", [b"", b"nonsense", b"<svg xmlns='http://www.w3.org/2000/svg'/>", png()[:60], b"GIF89a"]
    )
    def test_what_is_no_picture(self, data: bytes) -> None:
        with pytest.raises(PictureError, match="not a picture"):
            store(data, "a.png", title="x")
        assert not CustomImage.objects.exists()

    def test_too_many_pixels(self, settings: Any) -> None:
        settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1_000
        with pytest.raises(PictureError, match="too many pixels: 40 x 30"):
            store(png(), "a.png", title="x")


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.usefixtures("home_page")
class TestSupplying:
    ADDRESS = "https://cdn.example/lamp.png"

    @pytest.fixture
    def load(self, tmp_path: Path) -> Callable[..., Any]:
        def _load(**cells: str) -> Any:
            rows = [lamp(**{"Image Src": self.ADDRESS, "Image Alt Text": "A lamp", **cells})]
            return import_products(path=write_csv(tmp_path, rows), pictures=True)

        return _load

    def pictures(self) -> list[tuple[str, str]]:
        return [(picture.image.title, picture.alt) for picture in ProductPage.objects.get().pictures]

    def test_is_on_the_product_and_fetched_once(self, load: Any) -> None:
        load(**{"Variant Image": "https://cdn.example/red.png"})
        asked: list[str] = []

        def get(address: str) -> bytes:
            asked.append(address)
            return png("red" if "red" in address else "teal")

        assert supply(get=get).done == 2
        assert self.pictures()[0] == ("A lamp", "A lamp")
        assert Variant.objects.get().image is not None
        assert sorted(asked) == ["https://cdn.example/lamp.png", "https://cdn.example/red.png"]
        assert {outcome.value: number for outcome, number in load(Title="Other").products.items()} == {"changed": 1}
        assert supply(get=get).done == 0
        assert (len(asked), FetchedPicture.objects.count()) == (2, 2)

    def test_a_run_without_pictures_leaves_them_for_the_next(self, load: Any, tmp_path: Path) -> None:
        path = write_csv(tmp_path, [lamp(**{"Image Src": self.ADDRESS})])
        import_products(path=path)
        assert not WantedPicture.objects.exists()
        import_products(path=path, pictures=True)
        assert WantedPicture.objects.count() == 1

    def test_failures_are_kept_with_their_reason(self, load: Any) -> None:
        load()

        def refuse(address: str) -> bytes:
            raise PictureError("cdn.example answered 404.")

        assert supply(get=refuse).failed == 1
        assert WantedPicture.objects.get().reason == "cdn.example answered 404."
        assert supply(get=refuse).failed == 0
        assert retry_failed() == 1
        assert supply(get=lambda address: png()).done == 1

    def test_what_may_come_later_is_tried_a_few_times(self, load: Any) -> None:
        load()

        def fail(address: str) -> bytes:
            raise PictureError("no answer", temporary=True)

        assert [supply(get=fail).later for _ in range(5)] == [1, 1, 1, 0, 0]
        assert WantedPicture.objects.get().state == WantedPicture.State.FAILED

    def test_an_editor_s_draft_gets_it_as_well(self, load: Any) -> None:
        load()
        page = ProductPage.objects.get()
        page.summary = "Draft"
        page.save_revision()
        supply(get=lambda address: png())
        page.refresh_from_db()
        assert len(self.pictures()) == 1
        draft = page.get_latest_revision_as_object()
        assert (draft.summary, draft.images.count(), page.summary) == ("Draft", 1, "")
        draft.save_revision().publish()
        assert len(self.pictures()) == 1

    def test_a_published_revision_has_it_once(self, load: Any) -> None:
        load()
        page = ProductPage.objects.get()
        page.save_revision().publish()
        supply(get=lambda address: png())
        page = ProductPage.objects.get()
        assert (len(self.pictures()), page.has_unpublished_changes) == (1, False)
        assert page.get_latest_revision_as_object().images.count() == 1

    def test_from_an_archive(self, load: Any) -> None:
        load(**{"Image Src": "photos/Lamp.png"})
        with archive(photos__lamp=png()) as pictures:
            assert supply(archive=pictures).done == 1
        assert len(self.pictures()) == 1
        assert not FetchedPicture.objects.exists()

    def test_a_file_name_without_an_archive(self, load: Any) -> None:
        load(**{"Image Src": "lamp.png"})
        supply(get=lambda address: png())
        assert WantedPicture.objects.get().reason == "It is neither an address nor in an archive of pictures."

    def test_the_command_takes_an_archive(self, tmp_path: Path, capsys: Any) -> None:
        path = write_csv(tmp_path, [lamp(**{"Image Src": "lamp.png"})])
        packed = tmp_path / "pictures.zip"
        packed.write_bytes(zipped({"lamp.png": png()}).getvalue())
        call_command("import_products", path, "--archive", packed)
        assert "Pictures: 1 fetched, 0 failed, 0 to be tried again." in capsys.readouterr().out
        assert len(self.pictures()) == 1
