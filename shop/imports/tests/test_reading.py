"""From bytes to rows, whatever the bytes."""

import gzip
from pathlib import Path

import pytest

from shop.imports import reading
from shop.imports.problems import Kind, Problem
from shop.imports.reading import CsvFile, Row, UnreadableFile
from shop.imports.tests.factories import write_bytes

Found = list[tuple[int, str] | tuple[int, Kind]]


def read(folder: Path, data: bytes | str) -> list[tuple[int, list[str] | Kind]]:
    """Line number and cells of each row, or the kind of problem."""
    path = write_bytes(folder, data if isinstance(data, bytes) else data.encode())
    with CsvFile(path) as file:
        return [(item.line, list(item.cells.values()) if isinstance(item, Row) else item.kind) for item in file.rows()]


class TestRows:
    def test_carry_the_number_of_their_first_line(self, tmp_path: Path) -> None:
        data = 'a,b\n1,"two\nlines"\n\n3,4\n'
        assert read(tmp_path, data) == [(2, ["1", "two\nlines"]), (5, ["3", "4"])]

    def test_know_their_cells_by_normalised_header(self, tmp_path: Path) -> None:
        path = write_bytes(tmp_path, "\ufeff Handle , Body  (HTML),,TITLE\na,b,c,d\n".encode())
        with CsvFile(path) as file:
            assert file.headers == ["Handle", "Body (HTML)", "", "TITLE"]
            assert list(file.rows()) == [Row(2, {"handle": "a", "body (html)": "b", "title": "d"})]

    def test_may_end_early(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a,b,c\n1\n2,3,\n") == [(2, ["1"]), (3, ["2", "3", ""])]

    def test_of_blank_cells_are_passed_over(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a,b\n,\n\n1,2\n") == [(4, ["1", "2"])]

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_end_with_any_line_ending(self, tmp_path: Path, ending: str) -> None:
        assert read(tmp_path, ending.join(["a,b", "1,2", "3,4"])) == [(2, ["1", "2"]), (3, ["3", "4"])]

    def test_end_with_several_line_endings_in_one_file(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a,b\r\n1,2\n3,4\r\n5,6\r7,8") == [
            (2, ["1", "2"]),
            (3, ["3", "4"]),
            (4, ["5", "6"]),
            (5, ["7", "8"]),
        ]

    @pytest.mark.parametrize("mark", [";", "\t", "|"])
    def test_are_parted_by_any_usual_delimiter(self, tmp_path: Path, mark: str) -> None:
        assert read(tmp_path, f'a{mark}b{mark}"c, d"\n1,5{mark}2\n') == [(2, ["1,5", "2"])]

    def test_obey_the_line_that_excel_writes(self, tmp_path: Path) -> None:
        assert read(tmp_path, "sep=;\na,b;c\n1;2\n") == [(3, ["1", "2"])]

    def test_may_be_wide(self, tmp_path: Path) -> None:
        headers = ",".join(f"c{n}" for n in range(127))
        assert read(tmp_path, f"{headers}\n{','.join(['x'] * 127)}\n") == [(2, ["x"] * 127)]

    def test_keep_emoji(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a\n👑 Ünïcode 漢字\n") == [(2, ["👑 Ünïcode 漢字"])]

    def test_follow_the_first_of_two_equal_headers(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a,A,b\n1,2,3\n") == [(1, Kind.REPEATED_HEADER), (2, ["1", "3"])]


class TestEncodings:
    def test_a_byte_order_mark_is_not_part_of_the_first_header(self, tmp_path: Path) -> None:
        with CsvFile(write_bytes(tmp_path, b'\xef\xbb\xbf"Handle",b\n1,2\n')) as file:
            assert file.headers == ["Handle", "b"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_utf_16_as_excel_writes_it(self, tmp_path: Path, encoding: str) -> None:
        data = "a,b\nÜ,2\n".encode(encoding)
        marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
        assert read(tmp_path, marks.get(encoding, b"") + data) == [(2, ["Ü", "2"])]

    def test_only_the_line_that_is_not_utf_8_is_read_as_windows_1252(self, tmp_path: Path) -> None:
        data = "a\nÜber\n".encode() + "Café – 5 €\n".encode("cp1252")
        assert read(tmp_path, data) == [(2, ["Über"]), (3, Kind.NOT_UTF8), (3, ["Café – 5 €"])]

    def test_nul_bytes_are_removed(self, tmp_path: Path) -> None:
        assert read(tmp_path, b"a,b\n1\x00,\x002\n") == [(2, Kind.NUL_BYTES), (2, ["1", "2"])]


class TestQuotationMarks:
    def test_inside_an_unquoted_cell_are_inches(self, tmp_path: Path) -> None:
        assert read(tmp_path, 'a,b\n12" lamp,2\n') == [(2, ['12" lamp', "2"])]

    def test_stray_ones_in_a_quoted_cell_are_mended(self, tmp_path: Path) -> None:
        assert read(tmp_path, 'a,b\n"12" lamp",2\n3,4\n') == [
            (2, Kind.LOOSE_QUOTES),
            (2, ['12 lamp"', "2"]),
            (3, ["3", "4"]),
        ]

    def test_one_that_is_never_closed_costs_one_row(self, tmp_path: Path) -> None:
        data = 'a,b\n1,2\n3,"four\n5,6\n7,8\n'
        assert read(tmp_path, data) == [(2, ["1", "2"]), (3, Kind.MALFORMED), (4, ["5", "6"]), (5, ["7", "8"])]

    def test_one_on_the_last_line(self, tmp_path: Path) -> None:
        assert read(tmp_path, 'a,b\n1,2\n3,"four') == [(2, ["1", "2"]), (3, Kind.MALFORMED)]

    def test_one_that_swallows_the_next_row_costs_one_row(self, tmp_path: Path) -> None:
        data = 'a,b,c\n1,"two,3\n4,"five, six",7\n8,9,10\n'
        assert read(tmp_path, data) == [
            (2, Kind.MALFORMED),
            (3, ["4", "five, six", "7"]),
            (4, ["8", "9", "10"]),
        ]

    def test_what_is_left_of_a_malformed_row_does_not_become_a_product(self, tmp_path: Path) -> None:
        data = 'a,b,c\n1,"first\nsecond 12" wide",3\n4,5,6\n'
        assert read(tmp_path, data) == [(2, Kind.MALFORMED), (3, Kind.FRAGMENT), (4, ["4", "5", "6"])]

    def test_too_many_cells_are_refused(self, tmp_path: Path) -> None:
        assert read(tmp_path, "a,b\n1,2,3\n4,5,\n6,7\n") == [
            (2, Kind.TOO_MANY_CELLS),
            (3, ["4", "5"]),
            (4, ["6", "7"]),
        ]


class TestHugeInput:
    def test_a_cell_beyond_all_measure_costs_one_row(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        huge = "x" * (reading.MAX_CELL + 10)
        assert read(tmp_path, f"a,b\n1,{huge}\n3,4\n") == [(2, Kind.MALFORMED), (3, ["3", "4"])]

    def test_an_open_quotation_mark_before_a_long_file(self, tmp_path: Path) -> None:
        lines = "\n".join(f"{n},{'y' * 1000}" for n in range(1100))
        found = read(tmp_path, f'a,b\n1,"open\n{lines}\n')
        assert found[0] == (2, Kind.MALFORMED)
        assert (len(found), found[1][0], found[-1][0]) == (1101, 3, 1102)

    def test_a_line_beyond_all_measure_is_not_kept_in_memory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "MAX_LINE", 100)
        assert read(tmp_path, f"a,b\n1,{'x' * 950}\n3,4\n") == [(2, Kind.LINE_TOO_LONG), (3, ["3", "4"])]

    def test_a_line_of_exactly_the_limit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MAX_LINE", 100)
        assert read(tmp_path, f"a,b\n1,{'x' * 97}\n3,4\n") == [(2, ["1", "x" * 97]), (3, ["3", "4"])]


class TestGzip:
    def test_is_known_by_its_content_not_its_name(self, tmp_path: Path) -> None:
        assert read(tmp_path, gzip.compress(b"a,b\n1,2\n")) == [(2, ["1", "2"])]

    def test_that_breaks_off_gives_the_rows_before(self, tmp_path: Path) -> None:
        import random

        rng = random.Random(7)
        lines = "".join(f"{n},{rng.random()}\n" for n in range(20_000))
        packed = gzip.compress(f"a,b\n{lines}".encode())
        found = read(tmp_path, packed[: len(packed) // 2])
        assert found[-1][1] is Kind.FILE_BREAKS_OFF
        assert found[0][0] == 2
        assert 5_000 < len(found) < 15_000
        assert all(isinstance(cells, list) and len(cells) == 2 for _, cells in found[:-1])

    def test_with_a_damaged_middle_gives_the_rows_before(self, tmp_path: Path) -> None:
        packed = bytearray(gzip.compress(b"a,b\n" + b"1,2\n" * 10 + bytes(range(256)) * 400))
        packed[-300:-200] = b"\xff" * 100
        assert read(tmp_path, bytes(packed))[-1][1] is Kind.FILE_BREAKS_OFF

    def test_that_breaks_off_in_the_header(self, tmp_path: Path) -> None:
        path = write_bytes(tmp_path, gzip.compress(b"a,b\n1,2\n")[:12])
        with pytest.raises(UnreadableFile), CsvFile(path):
            pass


class TestUnreadable:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "is empty"),
            (b"\n\n  \n", "has no rows"),
            (b"PK\x03\x04xxxx", "a ZIP archive; unpack it first"),
            (b"%PDF-1.7", "not a CSV file but a PDF"),
            (b"\x89PNG\r\n", "not a CSV file but a picture"),
            (b'"a,b\n', "does not start with a row of headers"),
        ],
    )
    def test_is_said_in_words(self, tmp_path: Path, data: bytes, message: str) -> None:
        with pytest.raises(UnreadableFile, match=message), CsvFile(write_bytes(tmp_path, data)):
            pass

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match="cannot be read: No such file"), CsvFile(tmp_path / "none.csv"):
            pass

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match="cannot be read: Is a directory"), CsvFile(tmp_path):
            pass

    def test_leaves_no_file_open(self, tmp_path: Path) -> None:
        file = CsvFile(write_bytes(tmp_path, b"%PDF"))
        with pytest.raises(UnreadableFile):
            file.__enter__()
        assert file._raw.closed


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    path = write_bytes(tmp_path, b"a,b\n" + b"1,2\n" * 50_000)
    with CsvFile(path) as file:
        steps = [file.progress for item in file.rows() if isinstance(item, Row)]
    assert steps == sorted(steps)
    assert steps[0] < 0.1
    assert steps[-1] == 1.0


def test_a_problem_reads_like_a_sentence() -> None:
    assert str(Problem(12, Kind.NO_KEY)) == "line 12: refused: has neither a handle nor a title"
    assert str(Problem(3, Kind.SKU_DERIVED, "LAMP")) == (
        "line 3: mended: LAMP: no SKU; one was made from handle and options"
    )
